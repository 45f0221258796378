"""A toy application's examples: two samples in three splits, ragged and fixed payloads, labels."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from seqmill.shards.collect import collect
from seqmill.shards.manifest import Manifest
from seqmill.shards.order import example_id
from seqmill.shards.parts import PartWriter
from seqmill.shards.schema import Column, Encoding, arrow_schema

SPLITS = {
    "train": {"samples": ["ada", "bo"], "contigs": ["c1"]},
    "validation": {"samples": ["ada"], "contigs": ["c2"]},
    "test": {"samples": ["bo"], "contigs": ["c3"]},
}
_SPLIT_OF = {"c1": "train", "c2": "validation", "c3": "test"}


@pytest.fixture(scope="session")
def encoding() -> Encoding:
    return Encoding(
        application="toy",
        version=1,
        options={"width": 40},
        columns=(
            Column("copies", "int8", label=True),
            Column("allele", "string"),
            Column("bits", "fixed", size=6),
            Column("pileup", "binary", max_bytes=40),
        ),
    )


def rows_of(sample: str, contig: str, starts: Sequence[int]) -> list[dict[str, Any]]:
    """Rows whose every value follows from what they are."""
    return [
        {
            "example_id": example_id(sample, contig, start),
            "sample": sample,
            "contig": contig,
            "start": start,
            "end": start + 1 + start % 3,
            "split": _SPLIT_OF[contig],
            "weight": 1 + start / 8,
            "copies": start % 3,
            "allele": "ACGT"[: 1 + start % 4],
            "bits": start.to_bytes(6, "big"),
            "pileup": bytes((start * k + len(sample)) % 255 + 1 for k in range(start * 7 % 41)),
        }
        for start in starts
    ]


def all_rows(train: int = 400, validation: int = 90, test: int = 70) -> list[dict[str, Any]]:
    """Rows of all splits; `train` counts those of one of its two samples."""
    return [
        *rows_of("ada", "c1", range(train)),
        *rows_of("bo", "c1", range(train)),
        *rows_of("ada", "c2", range(validation)),
        *rows_of("bo", "c3", range(test)),
    ]


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    return all_rows()


@pytest.fixture
def to_batch(encoding: Encoding) -> Callable[[Sequence[dict[str, Any]]], pa.RecordBatch]:
    return lambda rows: pa.RecordBatch.from_pylist(list(rows), schema=arrow_schema(encoding))


@pytest.fixture
def write_parts(encoding: Encoding, to_batch: Callable[..., pa.RecordBatch]) -> Callable[..., list[Path]]:
    """Divide rows among parts by a number for each row."""

    def write(
        folder: Path, rows: Sequence[dict[str, Any]], part_of: Sequence[int], seed: int = 7
    ) -> list[Path]:
        paths = []
        for part in sorted(set(part_of)):
            paths.append(folder / f"part-{part}.parquet")
            with PartWriter(paths[-1], encoding, seed=seed) as writer:
                writer.write(to_batch([row for row, of in zip(rows, part_of, strict=True) if of == part]))
                writer.describe(
                    counts={"truth_reached": 9, "truth_missed.no_reads": 1},
                    classes={"train": {"absent": 2}},
                )
        return paths

    return write


@pytest.fixture
def gather(encoding: Encoding) -> Callable[..., Manifest]:
    def run(parts: Sequence[Path], out_dir: Path, **changes: Any) -> Manifest:
        arguments: dict[str, Any] = {
            "dataset": "toy",
            "encoding": encoding,
            "splits": SPLITS,
            "seed": 7,
            "inputs": {"ada": [{"name": "a.bam", "sha256": "00"}]},
            "reference": {"path": "ref.fa", "checksum": "11"},
            "rows_per_group": 32,
            "rows_per_shard": 256,
        }
        return collect(parts, out_dir, **arguments | changes)

    return run


@pytest.fixture
def build(write_parts: Callable[..., list[Path]], gather: Callable[..., Manifest]) -> Callable[..., Manifest]:
    """Rows to a dataset, through three parts unless told."""

    def run(folder: Path, rows: Sequence[dict[str, Any]], **changes: Any) -> Manifest:
        parts = write_parts(folder / "parts", rows, np.arange(len(rows)) % 3, seed=changes.get("seed", 7))
        return gather(parts, folder / "dataset", **changes)

    return run

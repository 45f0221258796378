"""A dataset of few examples, and a module whose logits follow from the payload."""

import numpy as np
import pyarrow as pa
import pytest
import torch

from seqmill.shards.collect import collect
from seqmill.shards.order import example_id
from seqmill.shards.parts import PartWriter
from seqmill.shards.schema import Column, Encoding, arrow_schema

ENCODING = Encoding(
    application="toy",
    version=1,
    options={"width": 3},
    columns=(
        Column("copies", "int8", label=True),
        Column("allele", "string"),
        Column("pileup", "binary", max_bytes=3),
    ),
)
SPLITS = {
    "train": {"samples": ["ada"], "contigs": ["c1"]},
    "validation": {"samples": ["ada"], "contigs": ["c2"]},
    "test": {"samples": ["bo"], "contigs": ["c3"]},
}


class Echo(torch.nn.Module):
    """Gives the first bytes of the payload as logits, and their number."""

    def predict_step(self, batch, index):
        return {"logits": batch["pileup"].float(), "length": (batch["pileup"] > 0).sum(1)}


@pytest.fixture
def echo():
    return Echo()


@pytest.fixture
def encoding():
    return ENCODING


@pytest.fixture
def examples():
    """Rows as a record batch; the payload of row n is up to three bytes that name it."""
    rows = []
    for split, entry in SPLITS.items():
        for number in range(700):
            sample, contig = entry["samples"][0], entry["contigs"][0]
            rows.append(
                {
                    "example_id": example_id(sample, contig, number),
                    "sample": sample,
                    "contig": contig,
                    "start": number,
                    "end": number + 1,
                    "split": split,
                    "weight": 1.0,
                    "copies": number % 3,
                    "allele": "ACGT"[number % 4],
                    "pileup": bytes([1 + number % 200, 7, 1 + number // 200][: 1 + number % 3]),
                }
            )
    return pa.RecordBatch.from_pylist(rows, schema=arrow_schema(ENCODING))


@pytest.fixture
def manifest(tmp_path, examples):
    part = tmp_path / "part.parquet"
    with PartWriter(part, ENCODING, seed=1) as writer:
        writer.write(examples)
        writer.describe(counts={}, classes={})
    return collect(
        [part],
        tmp_path / "dataset",
        dataset="toy",
        encoding=ENCODING,
        splits=SPLITS,
        seed=1,
        inputs={name: [{"name": f"{name}.bam", "sha256": "00"}] for name in ("ada", "bo")},
        reference={"path": "ref.fa", "checksum": "11"},
        rows_per_group=64,
        rows_per_shard=1000,
    )


@pytest.fixture
def expected():
    def of(number):
        raw = [1 + number % 200, 7, 1 + number // 200][: 1 + number % 3]
        return np.array(raw + [0] * (3 - len(raw)), dtype=np.float32)

    return of

"""A dataset of generated pileups, for what is measured from the shards on: loading and training."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from seqmill.applications.small_variants.layout import PRESENT, SUPPORTS_ALT, SUPPORTS_REF
from seqmill.applications.small_variants.spec import SCALARS, Options, encoding
from seqmill.shards.cells import pack_cells
from seqmill.shards.collect import collect
from seqmill.shards.manifest import Manifest
from seqmill.shards.order import example_id
from seqmill.shards.parts import PartWriter
from seqmill.shards.schema import arrow_schema

ENCODING = encoding(Options())
COLUMNS, ROWS = Options().columns, Options().rows
QUALITIES = np.array([18, 12, 6, 1], np.uint8)
DEPTH = 22


def payloads(rng: np.random.Generator, examples: int) -> list[bytes]:
    """Draw pileups of about 22 reads: cells relative to the reference, few of them different."""
    found = []
    for reads in np.clip(rng.poisson(DEPTH, examples), 1, ROWS):
        cells = np.full((reads + 1, COLUMNS), 1, np.uint8)
        errors = rng.random(cells.shape) < 0.004
        cells[errors] = rng.integers(2, 5, int(errors.sum()))
        cells[0] = rng.integers(1, 5, COLUMNS)
        cells = cells << 5 | QUALITIES[np.minimum(rng.geometric(0.8, cells.shape) - 1, 3)]
        begins = rng.integers(-COLUMNS, COLUMNS // 2, (reads, 1))
        cells[1:][np.arange(COLUMNS) < begins] = 0
        scalars = rng.integers(0, 60, (reads + 1, SCALARS)).astype(np.uint8)
        support = np.where(rng.random(reads) < 0.5, SUPPORTS_ALT, SUPPORTS_REF)
        scalars[1:, 1] = PRESENT | support | rng.integers(0, 2, reads)
        scalars[1:, 2] = rng.integers(40, 216, reads)
        found.append(np.concatenate([cells, scalars], axis=1).tobytes())
    return found


def packed(payloads: list[bytes]) -> pa.Array:
    """Pack pileups as the encoder does."""
    at = np.concatenate([[0], np.cumsum([len(one) for one in payloads])])
    content = np.frombuffer(b"".join(payloads), np.uint8)
    found, found_at = pack_cells(content, at, cells=COLUMNS, plain=SCALARS)
    buffers = [None, pa.py_buffer(found_at), pa.py_buffer(found)]
    return pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(payloads), buffers)


def dataset(folder: Path, *, train: int, validation: int) -> Manifest:
    """Write so many training and validation examples."""
    rng = np.random.default_rng(1)
    rows = train + validation
    starts = np.arange(rows, dtype=np.int32)
    splits = ["train"] * train + ["validation"] * validation
    columns = [
        pa.array([example_id("s", int(start)) for start in starts], pa.uint64()),
        pa.array(["s"] * rows),
        pa.array(splits),
        pa.array(starts),
        pa.array(starts + 1),
        pa.array(splits),
        pa.array(np.ones(rows, np.float32)),
        pa.array(rng.integers(0, 3, rows).astype(np.int8)),
        *(pa.array([text] * rows) for text in ("A", "C", "full")),
        pa.array(np.full(rows, DEPTH, np.int32)),
        pa.array(np.full(rows, DEPTH // 2, np.int32)),
        packed(payloads(rng, rows)),
    ]
    part = folder / "part.parquet"
    with PartWriter(part, ENCODING, seed=1) as writer:
        writer.write(pa.record_batch(columns, schema=arrow_schema(ENCODING)))
    return collect(
        [part],
        folder / "dataset",
        dataset="benchmark",
        encoding=ENCODING,
        splits={name: {"samples": ["s"], "contigs": [name]} for name in ("train", "validation")},
        seed=1,
        inputs={},
        reference={"path": "", "checksum": ""},
    )

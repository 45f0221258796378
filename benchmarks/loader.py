"""How fast shards become shuffled batches, beside what one would write by hand.

All loaders deliver the same thing, batches of pileup payloads padded to one length with their labels, in
one process and one thread, over the same generated examples. Rounds of all loaders are interleaved; the
best CPU time of each counts. Only the ratios mean anything on another machine.

    python benchmarks/loader.py [--rows 60000] [--rounds 3] [--json FILE]
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from seqmill.files import write_json
from seqmill.shards.collect import collect
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.shards.order import example_id
from seqmill.shards.parts import PartWriter
from seqmill.shards.schema import Column, Encoding, arrow_schema

DEPTH, WIDTH, SCALARS = 48, 41, 8
MAX_BYTES = (DEPTH + 1) * (WIDTH + SCALARS)
BATCH = 256
QUALITIES = np.array([18, 12, 6, 1], np.uint8)
ENCODING = Encoding(
    application="benchmark",
    version=1,
    options={},
    columns=(Column("copies", "int8", label=True), Column("pileup", "binary", max_bytes=MAX_BYTES)),
)
Arrays = dict[str, np.ndarray]


def payloads(rng: np.random.Generator, rows: int) -> list[bytes]:
    """Draw pileups of about 22 reads: one reference, few differences, binned qualities, mixed scalars."""
    found = []
    for reads in np.clip(rng.poisson(22, rows), 1, DEPTH) + 1:
        bases = np.broadcast_to(rng.integers(1, 5, WIDTH), (reads, WIDTH)).copy()
        errors = rng.random(bases.shape) < 0.004
        bases[errors] = rng.integers(1, 5, int(errors.sum()))
        quality = QUALITIES[np.minimum(rng.geometric(0.8, bases.shape) - 1, 3)]
        cells = (bases << 5 | quality).astype(np.uint8)
        begins = rng.integers(-WIDTH, WIDTH // 2, (reads, 1))
        cells[np.arange(WIDTH) < begins] = 0
        scalars = rng.integers(0, 255, (reads, SCALARS)).astype(np.uint8)
        found.append(np.concatenate([cells, scalars], axis=1).tobytes())
    return found


def build(folder: Path, rows: int) -> Manifest:
    """Write a dataset of one split."""
    rng = np.random.default_rng(1)
    starts = np.arange(rows, dtype=np.int32)
    same = pa.array(["s"] * rows)
    columns = [
        pa.array([example_id("s", int(start)) for start in starts], pa.uint64()),
        *(same, same, pa.array(starts), pa.array(starts + 1), same),
        pa.array(np.ones(rows, np.float32)),
        pa.array(rng.integers(0, 3, rows).astype(np.int8)),
        pa.array(payloads(rng, rows), pa.large_binary()),
    ]
    with PartWriter(folder / "part.parquet", ENCODING, seed=1) as writer:
        writer.write(pa.record_batch(columns, schema=arrow_schema(ENCODING)))
    return collect(
        [folder / "part.parquet"],
        folder / "dataset",
        dataset="benchmark",
        encoding=ENCODING,
        splits={"s": {"samples": ["s"], "contigs": ["s"]}},
        seed=1,
        inputs={},
        reference={"path": "", "checksum": ""},
    )


def ours(manifest: Manifest, *, shuffle: bool = True) -> Iterator[Arrays]:
    """Read through the package's loader."""
    columns = ["copies", "pileup"]
    loader = Loader(manifest, "s", batch_size=BATCH, seed=1, shuffle=shuffle, columns=columns, threads=0)
    return loader.epoch(0)


def naive(manifest: Manifest) -> Iterator[Arrays]:
    """Read the same shards by iter_batches, Python objects and padding; unshuffled."""
    for shard in manifest.shards:
        file = pq.ParquetFile(manifest.shard_path(shard))
        for batch in file.iter_batches(BATCH, columns=["copies", "pileup"], use_threads=False):
            rows = batch.to_pylist()
            padded = b"".join(row["pileup"].ljust(MAX_BYTES, b"\0") for row in rows)
            yield {
                "copies": np.array([row["copies"] for row in rows], np.int8),
                "pileup": np.frombuffer(padded, np.uint8).reshape(-1, MAX_BYTES).copy(),
            }


def memmap(folder: Path, rows: int, *, each: bool) -> Iterator[Arrays]:
    """Read uncompressed, padded arrays at random; row by row and collated, or a batch at a time."""
    pileups = np.memmap(folder / "pileup.bin", np.uint8, "r", shape=(rows, MAX_BYTES))
    copies = np.memmap(folder / "copies.bin", np.int8, "r", shape=(rows,))
    order = np.random.default_rng(1).permutation(rows)
    for begin in range(0, rows, BATCH):
        chosen = order[begin : begin + BATCH]
        if each:
            samples = [(copies[i], np.array(pileups[i])) for i in chosen]
            yield {
                "copies": np.array([label for label, _ in samples]),
                "pileup": np.stack([pileup for _, pileup in samples]),
            }
        else:
            yield {"copies": copies[chosen], "pileup": pileups[chosen]}


def copied(block: np.ndarray) -> Iterator[Arrays]:
    """Copy padded rows in memory: the limit of any loader that delivers fresh batches."""
    for begin in range(0, len(block), BATCH):
        yield {"pileup": block[begin : begin + BATCH].copy()}


def cpu_seconds(run: Callable[[], Iterator[Arrays]], rows: int) -> float:
    """Take the CPU time of one pass."""
    began = time.process_time()
    found = sum(len(batch["pileup"]) for batch in run())
    seconds = time.process_time() - began
    if found != rows:
        raise AssertionError(f"{found} rows delivered, {rows} wanted")
    return seconds


def measure(folder: Path, rows: int, rounds: int) -> list[dict[str, float | str]]:
    """Give one line for each loader."""
    manifest = build(folder, rows)
    block = np.concatenate([batch["pileup"] for batch in ours(manifest)])
    (folder / "pileup.bin").write_bytes(block.tobytes())
    (folder / "copies.bin").write_bytes(np.zeros(rows, np.int8).tobytes())
    packed = sum(shard.bytes for shard in manifest.shards) / rows
    loaders: dict[str, tuple[Callable[[], Iterator[Arrays]], float]] = {
        "seqmill, shuffled": (lambda: ours(manifest), packed),
        "seqmill, stored order": (lambda: ours(manifest, shuffle=False), packed),
        "Parquet iter_batches, to_pylist, pad (not shuffled)": (lambda: naive(manifest), packed),
        "memmap, row by row, collate": (lambda: memmap(folder, rows, each=True), MAX_BYTES + 1),
        "memmap, a batch at a time": (lambda: memmap(folder, rows, each=False), MAX_BYTES + 1),
        "copy in memory (limit)": (lambda: copied(block), 0),
    }
    best = dict.fromkeys(loaders, float("inf"))
    for _ in range(rounds):
        for name, (run, _) in loaders.items():
            best[name] = min(best[name], cpu_seconds(run, rows))
    own = rows / best["seqmill, shuffled"]
    return [
        {
            "loader": name,
            "rows_per_cpu_second": rows / best[name],
            "seqmill_times_as_fast": own / (rows / best[name]),
            "bytes_per_row_on_disk": size,
        }
        for name, (_, size) in loaders.items()
    ]


def main() -> None:
    """Measure, print a table and write it as JSON if asked."""
    parser = argparse.ArgumentParser(description="Measure the loader beside its peers.")
    parser.add_argument("--rows", type=int, default=60_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = measure(Path(folder), options.rows, options.rounds)
    print(f"{'loader':<52} {'rows / CPU s':>12} {'seqmill is':>11} {'bytes/row':>10}")
    for line in lines:
        print(
            f"{line['loader']:<52} {line['rows_per_cpu_second']:>12,.0f} "
            f"{line['seqmill_times_as_fast']:>10.2f}x {line['bytes_per_row_on_disk']:>10,.0f}"
        )
    if options.json:
        write_json(options.json, {"rows": options.rows, "rounds": options.rounds, "loaders": lines})


if __name__ == "__main__":
    main()

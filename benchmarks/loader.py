"""How fast shards become shuffled batches, beside other loaders and beside itself without the plan.

    python benchmarks/loader.py [--quick] [--json FILE]

All loaders deliver the same examples, pileups of 30x reads with their labels, in this process and one thread.
Peers read them as uncompressed full tensors from the page cache; ours reads the compact shards, compressed as
they are, and expands. Bytes on disk therefore differ by about two hundred times in the peers' disfavour on a
cold file system; that is not counted here.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from harness import Case, Claim, claim, main, measure
from peers import against, drain, readers
from pileups import DEFAULT, IMAGE, SPLIT, dataset, tensors

from seqmill.applications.small_variants.planes import PLANES, fill_planes
from seqmill.applications.small_variants.spec import Options
from seqmill.shards.decode import RowBlock
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.shards.ring import Ring
from seqmill.shards.row_groups import RowGroups
from seqmill.shards.schema import Column

BATCH = 64
COLUMNS = ("copies", "pileup")


def packed(manifest: Manifest, *, memory: bool = False) -> Callable[[], Iterator[dict[str, Any]]]:
    """Give a reader of shuffled packed batches, as they go to a device."""
    options: dict[str, Any] = {"batch_size": BATCH, "seed": 1, "shuffle": True, "columns": COLUMNS}
    loader = Loader(manifest, SPLIT, threads=0, memory=memory, ring=Ring(2), **options)
    epochs = iter(range(1 << 30))
    return lambda: loader.epoch(next(epochs))


def full(manifest: Manifest, shape: Options, *, memory: bool = False) -> Callable[[], Iterator[Any]]:
    """Give a reader of shuffled full tensors on the processor, in two batches' memory that is used again."""
    read = packed(manifest, memory=memory)
    ring = [np.empty((BATCH, len(PLANES), shape.rows, shape.columns), np.uint8) for _ in range(2)]
    occupied = [np.full(BATCH, shape.rows) for _ in range(2)]

    def batches() -> Iterator[Any]:
        for number, batch in enumerate(read()):
            rows, turn = len(batch["pileup"]), number % 2
            planes = ring[turn][:rows]
            fill_planes(batch["pileup"], planes, occupied=occupied[turn][:rows])
            yield planes, batch["copies"]

    return batches


def stripped(
    manifest: Manifest, files: RowGroups, rng: np.random.Generator | None = None
) -> Iterator[dict[str, Any]]:
    """Decode and gather with nothing else: no plan, no place in an epoch, no ranks.

    In stored order, or, given a generator, row groups and the rows of eight of them in any order.
    """
    known: dict[str, Column] = {column.name: column for column in manifest.encoding.all_columns}
    columns = tuple(known[name] for name in COLUMNS)
    groups = [(shard, group) for shard in manifest.shards for group in range(len(shard.row_groups))]
    ring, together = Ring(2), 8 if rng else 1
    if rng:
        groups = [groups[place] for place in rng.permutation(len(groups))]
    for first in range(0, len(groups), together):
        chosen = groups[first : first + together]
        rows = sum(shard.row_groups[group] for shard, group in chosen)
        block = RowBlock(columns, rows)
        for shard, group in chosen:
            files.read(shard, group, block.add)
        order = rng.permutation(rows) if rng else np.arange(rows)
        for begin in range(0, rows, BATCH):
            picked = order[begin : begin + BATCH]
            batch = ring.take(columns, len(picked))
            block.fill(batch, 0, picked)
            yield batch


def count(batches: Iterator[Any], wanted: int) -> None:
    """Read an epoch of ours and see that it is whole."""
    drain(((batch["pileup"], batch["copies"]) for batch in batches), wanted)


def against_peers(folder: Path, *, quick: bool) -> list[Claim]:
    """Measure full tensors and packed batches beside all peers."""
    few, many = (1024, 4096) if quick else (3072, 16_384)
    small, large = dataset(IMAGE, few), dataset(IMAGE, many)
    few, many = small.rows(SPLIT), large.rows(SPLIT)
    planes, labels = tensors(small)
    reads = readers(folder, planes, labels)
    expanding, expanding_memory = full(large, IMAGE), full(large, IMAGE, memory=True)
    packing, packing_memory = packed(large), packed(large, memory=True)
    cases = [
        Case("full", lambda: drain(expanding(), many)),
        Case("full, memory", lambda: drain(expanding_memory(), many)),
        Case("packed", lambda: count(packing(), many)),
        Case("packed, memory", lambda: count(packing_memory(), many)),
    ]
    for name, read in reads.items():
        if read is not None:
            cases.append(Case(name, lambda read=read: drain(read(BATCH), few)))
    seconds = measure(cases, rounds=2 if quick else 5)
    rates = {name: few / seconds[name] if read else None for name, read in reads.items()}
    shape, memory = (
        f"{IMAGE.rows} x {IMAGE.columns}",
        "the same from packed rows in memory, after the first epoch",
    )
    lines = [
        ("full", "full", f"shuffled {shape} full tensors on the processor, from shards", 1.5),
        ("full_memory", "full, memory", memory, 1.5),
        ("packed", "packed", f"shuffled {shape} packed batches from shards; a device expands them", 5.0),
        ("packed_memory", "packed, memory", memory, 5.0),
    ]
    return against(
        rates, [(f"loader.{key}", text, many / seconds[case], goal) for key, case, text, goal in lines]
    )


def against_itself(*, quick: bool) -> list[Claim]:
    """Measure what the plan costs: order, place in the epoch, slices of ranks."""
    manifest = dataset(DEFAULT, 16_384 if quick else 32_768)
    rows = manifest.rows(SPLIT)
    options: dict[str, Any] = {"batch_size": BATCH, "seed": 1, "columns": COLUMNS, "threads": 0}
    shuffled = Loader(manifest, SPLIT, shuffle=True, ring=Ring(2), **options)
    stored = Loader(manifest, SPLIT, shuffle=False, ring=Ring(2), **options)
    files, rng = RowGroups(manifest, COLUMNS), np.random.default_rng()
    cases = [
        Case("shuffled", lambda: count(shuffled.epoch(1), rows)),
        Case("any order", lambda: count(stripped(manifest, files, rng), rows)),
        Case("stored", lambda: count(stored.epoch(1), rows)),
        Case("stripped", lambda: count(stripped(manifest, files), rows)),
    ]
    seconds = measure(cases, rounds=5 if quick else 25)
    ours = "time of a resumable, rank-independent epoch"
    lines = [
        (
            "determinism",
            f"{ours}, shuffled",
            "shuffled",
            "any order",
            "shuffle of an unseeded generator",
            1.02,
        ),
        ("plan", f"{ours}, stored order", "stored", "stripped", "decode and gather alone", 1.02),
        ("shuffle", f"{ours}, shuffled", "shuffled", "stripped", "decode and gather in stored order", None),
    ]
    return [
        claim(
            f"loader.{key}",
            text,
            ours=seconds[mine],
            peer=seconds[other],
            peer_name=name,
            goal=goal,
            higher_is_better=False,
            unit="s",
        )
        for key, text, mine, other, name, goal in lines
    ]


def claims(*, quick: bool) -> list[Claim]:
    """Measure all claims of the loader."""
    with tempfile.TemporaryDirectory() as folder:
        made = against_peers(Path(folder), quick=quick)
    return [*made, *against_itself(quick=quick)]


if __name__ == "__main__":
    main(claims)

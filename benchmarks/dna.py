"""How fast windows of DNA become shuffled batches, beside other loaders.

    python benchmarks/dna.py [--quick] [--json FILE]

A window is 2,114 base codes, a byte each, with a label; nothing is one-hot before it is on the device. All
loaders run in this process and one thread, and deliver these bytes; peers read them uncompressed from the
page cache, ours stores two bits a base.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from harness import Case, Claim, main, measure
from inputs import CONTIG, SAMPLE, one_megabase
from peers import against, drain, readers
from pileups import SPLIT, write_dataset

from seqmill.genome.reference import Reference
from seqmill.shards.bases import pack_bases
from seqmill.shards.loader import Loader
from seqmill.shards.order import example_id
from seqmill.shards.ring import Ring
from seqmill.shards.schema import Column, Encoding, arrow_schema

LENGTH, BATCH = 2114, 256
ENCODING = Encoding(
    application="benchmark",
    version=1,
    options={},
    columns=(Column("label", "int8", label=True), Column("codes", "bases", size=LENGTH)),
)


def windows(count: int) -> tuple[np.ndarray, pa.RecordBatch]:
    """Cut windows from the real megabase, evenly; give their codes and the record batch of them."""
    with Reference(one_megabase() / "reference.fa") as reference:
        codes = reference.codes(CONTIG, 0, reference.contigs[CONTIG])
    starts = np.linspace(0, len(codes) - LENGTH, count).astype(np.int32)
    found = np.lib.stride_tricks.sliding_window_view(codes, LENGTH)[starts]
    ids = [example_id(SAMPLE, place) for place in range(count)]
    columns = [
        pa.array(ids, pa.uint64()),
        *(pa.repeat(SAMPLE, count), pa.repeat(CONTIG, count)),
        *(pa.array(starts), pa.array(starts + LENGTH), pa.repeat(SPLIT, count)),
        pa.array(np.ones(count, np.float32)),
        pa.array((np.arange(count) % 2).astype(np.int8)),
        pa.FixedSizeBinaryArray.from_buffers(
            ENCODING.columns[-1].arrow_type, count, [None, pa.py_buffer(pack_bases(found))]
        ),
    ]
    return found, pa.record_batch(columns, schema=arrow_schema(ENCODING))


def claims(*, quick: bool) -> list[Claim]:
    """Measure batches of windows beside all peers."""
    count = 4000 if quick else 20_000
    codes, batch = windows(count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        manifest = write_dataset(folder / "ours", ENCODING, [batch])
        reads = readers(folder, codes, batch["label"].to_numpy())
        options: dict[str, Any] = {"batch_size": BATCH, "seed": 1, "shuffle": True, "threads": 0}
        loaders = {
            memory: Loader(
                manifest, SPLIT, columns=["codes", "label"], memory=memory, ring=Ring(2), **options
            )
            for memory in (False, True)
        }

        def ours(memory: bool) -> None:
            batches: Iterator[dict[str, Any]] = loaders[memory].epoch(0)
            drain(((one["codes"], one["label"]) for one in batches), count)

        cases = [Case("shards", lambda: ours(False)), Case("memory", lambda: ours(True))]
        for peer, read in reads.items():
            if read is not None:
                cases.append(Case(peer, lambda read=read: drain(read(BATCH), count)))
        seconds = measure(cases, rounds=2 if quick else 5)
    rates = {peer: count / seconds[peer] if read else None for peer, read in reads.items()}
    lines = [
        ("dna.shards", "shards", f"shuffled windows of {LENGTH:,} bases from shards"),
        ("dna.memory", "memory", "the same from rows in memory, after the first epoch"),
    ]
    return against(rates, [(key, text, count / seconds[case], 3.0) for key, case, text in lines])


if __name__ == "__main__":
    main(claims)

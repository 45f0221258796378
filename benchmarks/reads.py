"""BAM to columns, beside samtools view -c and beside other ways to read alignments from Python.

Each case reads every alignment of a file once, on one thread. samtools view -c counts them: it inflates all
blocks and finds all records, which is the least that can be done. The others give, of each read, where it
begins, its flag, its mapping quality, its CIGAR, bases and qualities. Ours leaves the last three where they
were decoded, with their places in columns; the peers copy them, so those that can are also asked for four
plain fields alone, which is less than ours gives. All have to count the same reads, else the run fails.

    python benchmarks/reads.py [--quick] [--json FILE]
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pysam
from harness import Case, Claim, best_peer, claim, figure, installed, main, measure
from inputs import CACHE, built_once, thirty_fold_bam

from seqmill.reads.bgzf import BgzfReader
from seqmill.reads.reader import AlignmentReader

WINDOWS = {"30x": 1 << 18, "real": 1 << 24}  # the real reads lie in few places of a whole genome
REAL = "variants/na12878_sv/NA12878_restricted.bam"
POLARS_FIELDS = ["start", "end", "flags", "mapping_quality"]
OXBOW_FIELDS = ["pos", "end", "flag", "mapq"]
Way = Callable[[Path], int]


def columns(path: Path, *, size: int) -> int:
    """Decode every mapped read into columns, window by window of `size` bases."""
    count = 0
    with AlignmentReader(path) as reader:
        for contig, length in reader.contigs.items():
            for start, _, reads in reader.windows(contig, 0, length, size=size, margin=0, excluded=0):
                count += int((reads.start >= start).sum())
    return count


def inflate(path: Path) -> int:
    """Inflate all blocks and look at nothing, the bound of whatever reads them with this library."""
    room, offset, total = np.empty(1 << 23, np.uint8), 0, 0
    with BgzfReader(path) as reader:
        while blocks := reader.scan(offset):
            total += reader.inflate(blocks, room, 0)
            offset = blocks.next_offset
    return total


def samtools(path: Path) -> int:
    """Count the reads."""
    return int(subprocess.run(["samtools", "view", "-c", str(path)], capture_output=True, check=True).stdout)


def pysam_iterate(path: Path) -> int:
    """Iterate and touch nothing."""
    with pysam.AlignmentFile(str(path)) as handle:
        return sum(1 for _ in handle)


def pysam_fields(path: Path) -> int:
    """Iterate and take what the columns hold."""
    columns: list[list[object]] = [[] for _ in range(7)]
    with pysam.AlignmentFile(str(path)) as handle:
        for read in handle:
            values = (
                read.reference_start,
                read.flag,
                read.mapping_quality,
                read.template_length,
                read.cigartuples,
                read.query_sequence,
                read.query_qualities,
            )
            for column, value in zip(columns, values, strict=True):
                column.append(value)
    return len(columns[0])


def oxbow_read(path: Path, fields: list[str] | None) -> int:
    """Read record batches of Arrow."""
    import oxbow

    found = oxbow.from_bam(str(path), fields=fields or "*")
    return sum(batch.num_rows for batch in found.batches())


def polars_bio_read(path: Path, fields: list[str] | None) -> int:
    """Read a data frame of polars."""
    import polars_bio

    frame = polars_bio.scan_bam(str(path))
    return int((frame.select(fields) if fields else frame).collect().height)


def peers() -> tuple[dict[str, Way | None], dict[str, Way | None]]:
    """Give the peers by name: those that give whole reads, and those asked for four plain fields."""
    oxbow, polars = installed("oxbow"), installed("polars_bio")
    whole: dict[str, Way | None] = {
        "pysam iteration": pysam_iterate,
        "pysam to columns": pysam_fields,
        "oxbow": (lambda path: oxbow_read(path, None)) if oxbow else None,
        "polars-bio": (lambda path: polars_bio_read(path, None)) if polars else None,
    }
    fields: dict[str, Way | None] = {
        "oxbow, 4 fields": (lambda path: oxbow_read(path, OXBOW_FIELDS)) if oxbow else None,
        "polars-bio, 4 fields": (lambda path: polars_bio_read(path, POLARS_FIELDS)) if polars else None,
    }
    return whole, fields


def rates(path: Path, ways: dict[str, Way | None], *, rounds: int) -> dict[str, float | None]:
    """Give reads a second of each way; all have to count the same reads."""
    present = {name: way for name, way in ways.items() if way is not None}
    counts = {name: way(path) for name, way in present.items()}
    if len(set(counts.values())) != 1:
        raise RuntimeError(f"{path}: the ways to read count differently: {counts}")
    cases = [Case(name, partial(way, path)) for name, way in present.items()]
    seconds = measure(cases, rounds=rounds)
    return {name: counts[name] / seconds[name] if name in seconds else None for name in ways}


def real_bam(copies: int) -> Path | None:
    """Give real reads, repeated on contigs of other names so that starting a program weighs little."""
    source = Path(os.environ.get("SEQMILL_DATA", "../shared/data")) / REAL
    if not source.is_file():
        return None
    folder = CACHE / f"real-{copies}"
    with built_once(folder) as aside:
        if aside is not None:
            _repeat(source, aside / "s.bam", copies)
    return folder / "s.bam"


def _repeat(source: Path, path: Path, copies: int) -> None:
    with pysam.AlignmentFile(str(source)) as handle:
        lengths = dict(zip(handle.references, handle.lengths, strict=True))
        groups = [line for line in str(handle.header).splitlines() if line.startswith("@RG")]
    reads = [line.split("\t") for line in pysam.view(str(source)).splitlines()]
    used = {fields[2] for fields in reads} - {"*"}
    contigs = [name for name in lengths if name in used]
    with tempfile.NamedTemporaryFile("w", suffix=".sam") as sam:
        for copy in range(copies):
            sam.writelines(f"@SQ\tSN:{name}_{copy}\tLN:{lengths[name]}\n" for name in contigs)
        sam.writelines(f"{line}\n" for line in groups)
        for copy in range(copies):
            for fields in reads:
                if fields[2] != "*":
                    mate = (
                        fields[6] if fields[6] in "=*" else f"{fields[6]}_{copy}" * (fields[6] in used) or "*"
                    )
                    parts = [*fields[:2], f"{fields[2]}_{copy}", *fields[3:6], mate, *fields[7:]]
                    sam.write("\t".join(parts) + "\n")
        sam.flush()
        pysam.view("-b", "-o", str(path), sam.name, catch_stdout=False)
    pysam.index(str(path))


def claims(*, quick: bool) -> list[Claim]:
    """Measure on drawn reads of real sequence, and on real reads."""
    os.environ["TQDM_DISABLE"] = "1"  # polars-bio draws a bar for each read of a file
    made = []
    for name, path in {
        "30x": thirty_fold_bam(1 if quick else 4),
        "real": real_bam(2 if quick else 6),
    }.items():
        if path is None:
            print(f"{name} reads: no public data; set SEQMILL_DATA")
            continue
        ours: Way = partial(columns, size=WINDOWS[name])
        counter = {"samtools view -c": samtools if shutil.which("samtools") else None}
        found = rates(path, {"ours": ours, **counter}, rounds=3 if quick else 7)
        made.append(_claim("samtools", name, found, ours=found.pop("ours"), goal=0.8))
        whole, fields = peers()
        found = rates(path, {"ours": ours, **whole, **fields}, rounds=2 if quick else 3)
        mine = found.pop("ours")
        for peer, rate in found.items():
            print(f"   {peer}: {figure(rate)} reads/s")
        bound = f"inflation alone {figure(_bound(path))} reads/s"
        made.append(
            _claim("peers", name, {peer: found[peer] for peer in whole}, ours=mine, goal=3.0, note=bound)
        )
        made.append(
            _claim(
                "peers_fields", name, {peer: found[peer] for peer in fields}, ours=mine, goal=3.0, note=bound
            )
        )
    return made


def _claim(
    key: str, reads: str, found: dict[str, float | None], *, ours: float | None, goal: float, note: str = ""
) -> Claim:
    name, rate, missing = best_peer(found)
    return claim(
        f"reads_{key}_{reads}",
        f"BAM to columns, {reads} reads",
        ours=ours,
        peer=rate,
        peer_name=name,
        goal=goal,
        unit="reads/s",
        note="; ".join(part for part in (note, missing) if part),
    )


def _bound(path: Path) -> float:
    count = samtools(path) if shutil.which("samtools") else pysam_iterate(path)
    return count / measure([Case("inflate", partial(inflate, path))], rounds=5)["inflate"]


if __name__ == "__main__":
    main(claims)

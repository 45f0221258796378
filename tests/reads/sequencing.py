"""Sequencing of a small genome whose truth is known."""

import gzip
from pathlib import Path
from typing import NamedTuple

import pysam

CONTIGS = {"chr1": 9000, "chr2": 5000}
READ = 100
_COMPLEMENT = str.maketrans("ACGT", "TGCA")


class Pair(NamedTuple):
    """A pair as drawn: its fragment is ``[start, end)`` of a contig; `flipped` swaps first and second."""

    name: str
    contig: str
    start: int
    end: int
    flipped: bool
    first: str
    second: str


def reverse_complement(bases: str) -> str:
    return bases.translate(_COMPLEMENT)[::-1]


def draw_pair(
    name: str, genome: dict[str, str], place: tuple[str, int, int], *, flipped: bool = False
) -> Pair:
    """Sequence both ends of a fragment without an error."""
    contig, start, end = place
    fragment = genome[contig][start:end]
    reads = fragment[:READ], reverse_complement(fragment)[:READ]
    return Pair(name, contig, start, end, flipped, *reads[:: -1 if flipped else 1])


def fastq(reads: list[tuple[str, str]]) -> str:
    return "".join(f"@{name}\n{bases}\n+\n{'I' * len(bases)}\n" for name, bases in reads)


def write_pairs(folder: Path, pairs: list[Pair]) -> tuple[Path, Path]:
    """Write pairs as two gzipped FASTQ files."""
    paths = folder / "reads_R1.fastq.gz", folder / "reads_R2.fastq.gz"
    for path, field in zip(paths, ("first", "second"), strict=True):
        with gzip.open(path, "wt") as handle:
            handle.write(fastq([(pair.name, getattr(pair, field)) for pair in pairs]))
    return paths


def records(path: Path) -> list[pysam.AlignedSegment]:
    with pysam.AlignmentFile(str(path), check_sq=False) as handle:
        return list(handle.fetch(until_eof=True))


def header(path: Path) -> dict:
    with pysam.AlignmentFile(str(path), check_sq=False) as handle:
        return handle.header.to_dict()

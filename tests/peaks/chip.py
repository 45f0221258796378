"""Reads as of a ChIP: fragments piled up around planted sites, over a flat background."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pysam

CONTIGS = {"c1": 240_000, "c2": 80_000, "c3": 80_000}
MOTIF = "CCACCAGGGGGCGC"
EVERY = 4_000  # bases for one site
READ, LENGTH, SPREAD = 50, 180, 20  # of a read, and of a fragment
AT_A_SITE, BACKGROUND = 50, 0.04  # fragments, and those that begin at a base
_COMPLEMENT = str.maketrans("ACGT", "TGCA")


class Fragment(NamedTuple):
    """A sequenced fragment, 0-based half-open; `forward` says from which end a single read is."""

    contig: str
    start: int
    end: int
    forward: bool


def write_genome(path: Path, seed: int = 1) -> dict[str, list[int]]:
    """Write a random genome with the motif at its sites; give their middles by contig."""
    rng = np.random.default_rng(seed)
    sites: dict[str, list[int]] = {}
    with open(path, "w") as handle:
        for name, length in CONTIGS.items():
            bases = rng.choice(list("ACGT"), length)
            middles = np.arange(EVERY // 2, length, EVERY) + rng.integers(-1000, 1000, length // EVERY)
            for middle in middles.tolist():
                first = middle - len(MOTIF) // 2
                bases[first : first + len(MOTIF)] = list(MOTIF)
            sites[name] = middles.tolist()
            print(f">{name}", "".join(bases), sep="\n", file=handle)
    pysam.faidx(str(path))
    return sites


def draw(sites: dict[str, list[int]], *, bound: int = AT_A_SITE, seed: int = 2) -> list[Fragment]:
    """Draw the fragments of a sample; `bound` of them lie over each site."""
    rng = np.random.default_rng(seed)
    found = []
    for name, length in CONTIGS.items():
        flat = rng.integers(0, length, int(BACKGROUND * length))
        middles = np.concatenate([flat, rng.normal(np.repeat(sites[name], bound), 25).astype(int)])
        sizes = np.maximum(rng.normal(LENGTH, SPREAD, len(middles)).astype(int), READ)
        places = zip(middles.tolist(), sizes.tolist(), (rng.random(len(middles)) < 0.5).tolist(), strict=True)
        for middle, size, forward in places:
            start = middle - size // 2
            if start >= 0 and start + size <= length:
                found.append(Fragment(name, start, start + size, forward))
    return sorted(found)


def write_bam(path: Path, fragments: list[Fragment], *, paired: bool, sample: str = "chip") -> Path:
    """Write the reads of fragments as a sorted, duplicate-marked, indexed BAM, as staging gives it."""
    header = pysam.AlignmentHeader.from_dict(
        {
            "HD": {"VN": "1.6", "SO": "coordinate"},
            "SQ": [{"SN": name, "LN": length} for name, length in CONTIGS.items()],
            "RG": [{"ID": "1", "SM": sample}],
            "PG": [{"ID": "markdup", "PN": "samtools"}],
        }
    )
    order = {name: number for number, name in enumerate(CONTIGS)}
    rows = []
    for number, one in enumerate(fragments):
        ends = ((one.start, one.end - READ), (one.end - READ, one.start))
        for reverse, (own, mate) in enumerate(ends):
            if not paired and bool(reverse) == one.forward:
                continue
            flag = 16 * reverse
            if paired:
                first = bool(reverse) != one.forward
                flag += 3 + (0 if reverse else 32) + (64 if first else 128)
            size = (one.end - one.start) * (-1 if reverse else 1) if paired else 0
            rows.append((order[one.contig], own, number, flag, mate if paired else -1, size))
    with pysam.AlignmentFile(str(path), "wb", header=header) as handle:
        for contig, start, number, flag, mate, size in sorted(rows):
            read = pysam.AlignedSegment(header)
            read.query_name, read.flag, read.reference_id, read.reference_start = (
                f"f{number}",
                flag,
                contig,
                start,
            )
            read.mapping_quality, read.cigarstring, read.query_sequence = 60, f"{READ}M", "A" * READ
            read.next_reference_id, read.next_reference_start = (contig, mate) if paired else (-1, -1)
            read.template_length = size
            read.set_tag("RG", "1")
            handle.write(read)
    pysam.index(str(path))
    return path


def write_fastq(folder: Path, genome: Path, fragments: list[Fragment]) -> tuple[Path, Path]:
    """Write both ends of fragments as two FASTQ files."""
    paths = folder / "R1.fastq", folder / "R2.fastq"
    with pysam.FastaFile(str(genome)) as fasta, open(paths[0], "w") as first, open(paths[1], "w") as second:
        bases = {name: fasta.fetch(name) for name in CONTIGS}
        for number, one in enumerate(fragments):
            whole = bases[one.contig][one.start : one.end]
            ends = whole[:READ], whole.translate(_COMPLEMENT)[::-1][:READ]
            for handle, read in zip((first, second), ends if one.forward else ends[::-1], strict=True):
                handle.write(f"@f{number}\n{read}\n+\n{'I' * READ}\n")
    return paths

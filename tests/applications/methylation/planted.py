"""A small genome with two planted modifications, as reads of either kind."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from seqmill.genome.bases import reverse_complement, sequence_of
from seqmill.simulate.aligned import write_alignments
from seqmill.simulate.modified_reads import PlantedMark, draw_modified_reads

CONTIGS = {"m1": 14_000, "v1": 4_000, "t1": 8_000}
MARKS = (PlantedMark("6mA", "GATC", 1), PlantedMark("5mC", "CCWGG", 1))
SPLITS = {
    "train": {"samples": ["ada"], "contigs": ["m1"]},
    "validation": {"samples": ["ada"], "contigs": ["v1"]},
    "test": {"samples": ["ada"], "contigs": ["t1"]},
}
SITES = 60  # bases for one planted motif, about
_MOTIFS = ("GATC", "CCAGG", "CCTGG")


def genome(seed: int = 1) -> dict[str, np.ndarray]:
    """Draw the contigs, motifs laid down on top."""
    rng = np.random.default_rng(seed)
    drawn = {}
    for name, length in CONTIGS.items():
        codes = rng.integers(0, 4, length).astype(np.uint8)
        for at in range(30, length - 30, SITES):
            motif = _MOTIFS[rng.integers(3)]
            place = at + rng.integers(0, SITES - 10)
            codes[place : place + len(motif)] = ["ACGT".index(base) for base in motif]
        drawn[name] = codes
    return drawn


def write_reference(path: Path, codes: dict[str, np.ndarray]) -> None:
    with open(path, "w") as handle:
        for name, bases in codes.items():
            print(f">{name}", sequence_of(bases), sep="\n", file=handle)


def write_modified(
    path: Path, codes: dict[str, np.ndarray], *, depth: float = 24, noise: float = 0.05
) -> None:
    """Write a modBAM."""
    lines = draw_modified_reads(codes, MARKS, depth=depth, seed=2, noise=noise, read_length=800)
    write_alignments(path, CONTIGS, lines)


def write_bisulfite(path: Path, codes: dict[str, np.ndarray], *, depth: float = 24) -> None:
    """Write single reads with Bismark's tags, methylated at the motif of 5mC and nowhere else."""
    write_alignments(path, CONTIGS, _called(codes, depth))


def _called(codes: dict[str, np.ndarray], depth: float, length: int = 100) -> Iterator[str]:
    rng = np.random.default_rng(3)
    for contig, bases in codes.items():
        forward = _letters(bases, MARKS[1].levels(bases) > 0.5)
        turned = reverse_complement(bases)
        reverse = _letters(turned, MARKS[1].levels(turned) > 0.5)[::-1]
        for number in range(int(depth * len(bases) / length)):
            start = int(rng.integers(0, len(bases) - length))
            backward = bool(rng.random() < 0.5)
            calls = (reverse if backward else forward)[start : start + length]
            fields = [f"{contig}.{number}", 16 * backward, contig, start + 1, 60, f"{length}M", "*", 0, 0]
            tags = [f"XM:Z:{calls}", f"XG:Z:{'GA' if backward else 'CT'}"]
            yield "\t".join(map(str, [*fields, sequence_of(bases[start : start + length]), "*", *tags]))


def _letters(bases: np.ndarray, methylated: np.ndarray) -> str:
    """Write Bismark's string over a whole strand."""
    text = sequence_of(bases)
    letters = []
    for at, base in enumerate(text):
        if base != "C":
            letters.append(".")
            continue
        after = text[at + 1 : at + 3].ljust(2, "N")
        letter = "z" if after[0] == "G" else "x" if after[1] == "G" else "h"
        letters.append(letter.upper() if methylated[at] else letter)
    return "".join(letters)

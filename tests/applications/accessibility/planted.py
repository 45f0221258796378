"""A small genome whose chromatin a planted motif opens, and fragments of it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

MOTIF = "ATTACCCGGC"
CONTIGS = {"c1": 24_000, "c2": 9_000, "c3": 9_000}
SPLITS = {
    "train": {"samples": ["ada"], "contigs": ["c1"]},
    "validation": {"samples": ["ada"], "contigs": ["c2"]},
    "test": {"samples": ["ada"], "contigs": ["c3"]},
}
EVERY = 600
"""Bases for one motif, about."""


def write_genome(
    path: Path, seed: int = 1, *, motifs: Sequence[str] = (MOTIF,), every: int = EVERY
) -> dict[str, np.ndarray]:
    """Write the FASTA; give the places of motifs on each contig; `kind` says which of them lies there."""
    rng = np.random.default_rng(seed)
    places = {}
    with open(path, "w") as handle:
        for name, length in CONTIGS.items():
            bases = rng.choice(list("ACGT"), length)
            at = np.sort(rng.choice(length // 50 - 1, length // every, replace=False)) * 50
            for place, which in zip(at, kind(at, len(motifs)), strict=True):
                motif = motifs[which]
                bases[place : place + len(motif)] = list(motif)
            print(f">{name}", "".join(bases), sep="\n", file=handle)
            places[name] = at
    return places


def kind(places: np.ndarray, kinds: int) -> np.ndarray:
    """Say which of so many motifs lies at each place; neighbours tell nothing of one another."""
    return places // 50 % kinds


def write_fragments(path: Path, places: dict[str, np.ndarray], seed: int = 2) -> None:
    """Write fragments that begin near motifs, thirty each, and some anywhere."""
    rng = np.random.default_rng(seed)
    with open(path, "w") as handle:
        for name, at in places.items():
            near = np.repeat(at, 30) + rng.normal(0, 40, 30 * len(at)).astype(int)
            starts = np.concatenate([near, rng.integers(0, CONTIGS[name], CONTIGS[name] // 150)])
            ends = starts + rng.integers(40, 90, len(starts))
            for start, end in zip(starts, ends, strict=True):
                if 0 <= start and end <= CONTIGS[name]:
                    print(name, start, end, sep="\t", file=handle)

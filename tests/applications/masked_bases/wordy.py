"""A small genome that is written in words, so that hidden bases can be told from those around them."""

from pathlib import Path

import numpy as np

CONTIGS = {"c1": 60_000, "c2": 12_000, "c3": 12_000}
SPLITS = {
    "train": {"samples": ["ada"], "contigs": ["c1"]},
    "validation": {"samples": ["ada"], "contigs": ["c2"]},
    "test": {"samples": ["ada"], "contigs": ["c3"]},
}
UNKNOWN = (3_000, 3_700)
"""Bases of c3 that are N."""

SOFT_MASKED = (500, 1_500)
"""Bases of c3 in lower case."""


def write_genome(path: Path, seed: int = 1) -> dict[str, str]:
    """Write the FASTA; give the bases of each contig in upper case."""
    rng = np.random.default_rng(seed)
    words = ["".join(rng.choice(list("ACGT"), 12)) for _ in range(16)]
    genome = {}
    with open(path, "w") as handle:
        for name, length in CONTIGS.items():
            bases = "".join(words[which] for which in rng.integers(0, 16, length // 12))
            if name == "c3":
                bases = bases[: UNKNOWN[0]] + "N" * (UNKNOWN[1] - UNKNOWN[0]) + bases[UNKNOWN[1] :]
            genome[name] = bases
            shown = bases[: SOFT_MASKED[0]] + bases[slice(*SOFT_MASKED)].lower() + bases[SOFT_MASKED[1] :]
            print(f">{name}", shown, sep="\n", file=handle)
    return genome

"""A small genome with sites of two factors, and peaks around them."""

from pathlib import Path

import numpy as np

MOTIFS = {"AAA1": "CCACCAGGGGGCGC", "BBB2": "AAAGAGGAAGTGA"}
CONTIGS = {"c1": 60_000, "c2": 20_000, "c3": 20_000}
SPLITS = {
    "train": {"samples": ["ada"], "contigs": ["c1"]},
    "validation": {"samples": ["ada"], "contigs": ["c2"]},
    "test": {"samples": ["ada"], "contigs": ["c3"]},
}
WIDTH = 60  # bases of a peak
EVERY = 200  # bases for one site, about

_COMPLEMENT = str.maketrans("ACGT", "TGCA")


def write_world(folder: Path, seed: int = 1) -> None:
    """Write ``genome.fa``, the table ``peaks.bed`` with the column ``factor``, and ``motifs.meme``."""
    rng = np.random.default_rng(seed)
    rows = ["#contig\tstart\tend\tname\tscore\tstrand\tfactor"]
    with open(folder / "genome.fa", "w") as handle:
        for name, length in CONTIGS.items():
            bases = rng.choice(list("ACGT"), length)
            starts = np.sort(rng.choice(length // 100 - 2, length // EVERY, replace=False)) * 100 + 50
            for number, start in enumerate(starts.tolist()):
                factor = list(MOTIFS)[number % 2]
                word = MOTIFS[factor] if rng.random() < 0.5 else MOTIFS[factor][::-1].translate(_COMPLEMENT)
                at = start + WIDTH // 2 - len(word) // 2
                bases[at : at + len(word)] = list(word)
                rows.append(f"{name}\t{start}\t{start + WIDTH}\tp{number}\t0\t.\t{factor}")
            print(f">{name}", "".join(bases), sep="\n", file=handle)
    (folder / "peaks.bed").write_text("\n".join(rows) + "\n")
    (folder / "motifs.meme").write_text(meme(MOTIFS))


def meme(words: dict[str, str]) -> str:
    """Give motifs that are nearly the words, in MEME format."""
    lines = ["MEME version 4", "", "ALPHABET= ACGT", ""]
    for name, word in words.items():
        lines += [
            f"MOTIF {name}.0.X",
            f"letter-probability matrix: alength= 4 w= {len(word)} nsites= 50 E= 0",
        ]
        lines += [" ".join("0.91" if base == letter else "0.03" for base in "ACGT") for letter in word]
        lines.append("")
    return "\n".join(lines)

"""Long reads that carry base modifications at motifs, with the doubts and mistakes of a caller."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from seqmill.genome.bases import reverse_complement
from seqmill.reads.marks import MARKS
from seqmill.simulate.aligned import bases_of
from seqmill.simulate.streams import stream

_IUPAC = {"R": "[AG]", "Y": "[CT]", "S": "[CG]", "W": "[AT]", "K": "[GT]", "M": "[AC]", "N": "[ACGT]"}
MOTIF_LETTERS = "".join(["ACGT", *_IUPAC])
"""Letters that a motif is written in."""

_LISTED = 13  # qualities from here on (a probability of 5 %) are listed in MM


@dataclass(frozen=True)
class PlantedMark:
    """A modification that follows a motif.

    Parameters
    ----------
    mark : str
        One of `seqmill.reads.modifications.MARKS`.
    motif : str
        IUPAC letters.
    offset : int
        Which base of the motif is modified, from 0.
    level : float
        Share of molecules that are modified there.
    elsewhere : float
        Share of molecules that are modified at any other such base.
    """

    mark: str
    motif: str
    offset: int
    level: float = 0.95
    elsewhere: float = 0.02

    def levels(self, codes: np.ndarray) -> np.ndarray:
        """Give the share of molecules modified at each base of a sequence: float64; 0 at other bases."""
        base = "ACGT".index(MARKS[self.mark].base)
        levels = np.where(codes == base, self.elsewhere, 0.0)
        pattern = "".join(_IUPAC.get(letter, letter) for letter in self.motif)
        for found in re.finditer(f"(?={pattern})", bases_of(codes)):
            levels[found.start() + self.offset] = self.level
        return levels


def draw_modified_reads(
    codes: Mapping[str, np.ndarray],
    marks: Sequence[PlantedMark],
    *,
    depth: float,
    seed: int,
    noise: float = 0.05,
    read_length: int = 1000,
) -> Iterator[str]:
    """Draw reads of both strands whose tags MM and ML tell of planted marks.

    Parameters
    ----------
    codes : mapping
        Contig name -> bases, uint8: A 0, C 1, G 2, T 3, N 4.
    marks : sequence of PlantedMark
        One for each modification; those of one base are drawn independently of each other.
    depth : float
        Mean coverage.
    seed : int
        Decides everything.
    noise : float
        Share of bases whose call is that of the other state.
    read_length : int
        Longest length; reads have half of it at least, as far as the contig is as long.

    Yields
    ------
    str
        Lines of SAM. Calls of probability under 5 % are not listed, as MM with ``.`` has it.
    """
    for contig, bases in codes.items():
        generator = stream(seed, "modified reads", contig)
        levels = [(mark.levels(bases), mark.levels(reverse_complement(bases))[::-1]) for mark in marks]
        for number in range(round(depth * len(bases) / (0.75 * read_length))):
            size = min(int(generator.integers(read_length // 2, read_length + 1)), len(bases))
            start = int(generator.integers(0, len(bases) - size + 1))
            reverse = int(generator.random() < 0.5)
            stored = bases[start : start + size]
            sequenced = reverse_complement(stored) if reverse else stored
            text, qualities = "", []
            for mark, strands in zip(marks, levels, strict=True):
                level = strands[reverse][start : start + size]
                on = np.flatnonzero(sequenced == "ACGT".index(MARKS[mark.mark].base))
                called = _called((level[::-1] if reverse else level)[on], noise, generator)
                listed = np.flatnonzero(called >= _LISTED)
                skips = np.diff(listed, prepend=-1) - 1
                code = MARKS[mark.mark].letter or MARKS[mark.mark].chebi
                text += "".join([f"{MARKS[mark.mark].base}+{code}.", *(f",{skip}" for skip in skips), ";"])
                qualities += called[listed].tolist()
            fields = [f"{contig}.{number}", 16 * reverse, contig, start + 1, 60, f"{size}M", "*", 0, 0]
            tags = [f"MM:Z:{text}", f"MN:i:{size}"]
            if qualities:
                tags.append(f"ML:B:C,{','.join(map(str, qualities))}")
            yield "\t".join(map(str, [*fields, bases_of(stored), "*", *tags]))


def _called(levels: np.ndarray, noise: float, generator: np.random.Generator) -> np.ndarray:
    """Draw a caller's qualities (0 to 255) for bases that are modified in shares of molecules."""
    modified = generator.random(len(levels)) < levels
    modified ^= generator.random(len(levels)) < noise
    doubt = generator.beta(1.0, 8.0, len(levels))
    return np.minimum((256 * np.where(modified, 1 - doubt, doubt)).astype(np.int64), 255)

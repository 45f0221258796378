"""Which short words carry contributions, on average over all places where they stand."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seqmill.files import atomic_path
from seqmill.genome.bases import AMBIGUOUS, codes_of, reverse_complement, sequence_of
from seqmill.genome.motif import Motif
from seqmill.interpretation.matching import Match, match_motifs
from seqmill.interpretation.sequences import Codes

K = 8
FEWEST = 10
"""Places that a word needs to be listed."""


@dataclass(frozen=True, kw_only=True)
class Kmer:
    """A word, with its reverse complement where both strands count alike.

    Attributes
    ----------
    word : str
        Its bases; of the two strands the first in the order of the alphabet.
    places : int
        Where it stands.
    mean : float
        Mean over places of the sum of its bases' contributions.
    z : float
        Mean minus the mean of all words, in standard errors.
    """

    word: str
    places: int
    mean: float
    z: float


def rank_kmers(
    codes: Codes,
    of_bases: npt.NDArray[np.float32],
    *,
    k: int = K,
    both_strands: bool = True,
    fewest: int = FEWEST,
) -> list[Kmer]:
    """List the words of `k` bases by mean contribution, the highest first.

    Parameters
    ----------
    codes : uint8 array [n, length]
        The windows; words that hold a position without a base are left out.
    of_bases : float32 array [n, length]
        Contribution of each base.
    k : int
        Bases of a word, at most 12.
    both_strands : bool
        Whether a word and its reverse complement are one.
    fewest : int
        Words with fewer places are left out.
    """
    words = np.lib.stride_tricks.sliding_window_view(codes, k, axis=1)
    sums = np.lib.stride_tricks.sliding_window_view(of_bases, k, axis=1).sum(axis=2, dtype=np.float64)
    known = (words != AMBIGUOUS).all(axis=2)
    weights = 4 ** np.arange(k - 1, -1, -1)
    numbers = words[known] @ weights
    if both_strands:
        numbers = np.minimum(numbers, reverse_complement(words[known]) @ weights)
    values = sums[known]
    counts = np.bincount(numbers, minlength=4**k)
    listed = np.flatnonzero(counts >= fewest)
    total = np.bincount(numbers, values, minlength=4**k)[listed]
    squares = np.bincount(numbers, values**2, minlength=4**k)[listed]
    places = counts[listed]
    means = total / places
    spread = np.sqrt(np.maximum(squares / places - means**2, 0) / places)
    z = np.divide(means - values.mean(), spread, out=np.zeros_like(means), where=spread > 0)
    return [
        Kmer(
            word=sequence_of((listed[at] // weights % 4).astype(np.uint8)),
            places=int(places[at]),
            mean=float(means[at]),
            z=float(z[at]),
        )
        for at in np.argsort(-means, kind="stable")
    ]


def name_kmers(
    kmers: Sequence[Kmer], database: Sequence[Motif], generator: np.random.Generator
) -> dict[str, Match]:
    """Give for each word the motif of a database that it is most alike; none without a database."""
    words = [Motif(name=one.word, probabilities=np.eye(4)[codes_of(one.word)]) for one in kmers]
    best: dict[str, Match] = {}
    for match in match_motifs(words, database, generator):
        best.setdefault(match.query, match)
    return best


def write_kmers(path: Path, kmers: Sequence[Kmer], named: Mapping[str, Match]) -> None:
    """Write the list as a table, atomically; the columns of the motif are empty where none is named."""
    with atomic_path(path) as aside, open(aside, "w", newline="") as handle:
        table = csv.writer(handle, delimiter="\t", lineterminator="\n")
        table.writerow(("kmer", "places", "mean_contribution", "z", "motif", "similarity", "q"))
        for one in kmers:
            match = named.get(one.word)
            told = (match.target, f"{match.similarity:.4f}", f"{match.q:.3g}") if match else ("", "", "")
            table.writerow((one.word, one.places, f"{one.mean:.6g}", f"{one.z:.4g}", *told))

"""What a motif does on its own: set into backgrounds, beside shuffles of itself."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seqmill.files import atomic_path
from seqmill.genome.bases import reverse_complement, sequence_of
from seqmill.genome.motif import Motif
from seqmill.interpretation.sequences import Codes, Function, predict
from seqmill.interpretation.shuffles import shuffle_bases

SHUFFLES = 20
"""Strings with the same bases that a motif is held against."""

_TRIES = 50


@dataclass(frozen=True, kw_only=True)
class Insertion:
    """The effect of a string, and of others made of the same bases.

    Attributes
    ----------
    name, word : str
        Name of the motif, and the string that was set in.
    effect : float
        Mean over backgrounds of the output with the string minus the output without.
    shuffled : tuple of float
        The same of each shuffle; fewer than `SHUFFLES` where there are no more strings of these bases.
    """

    name: str
    word: str
    effect: float
    shuffled: tuple[float, ...]

    @property
    def beaten(self) -> int:
        """How many shuffles have a smaller effect, or a larger one where the effect is negative."""
        sign = 1 if self.effect >= 0 else -1
        return sum(sign * self.effect > sign * other for other in self.shuffled)

    @property
    def z(self) -> float:
        """Effect minus the mean of the shuffles, in their standard deviations; 0 for fewer than two."""
        if len(self.shuffled) < 2 or not (spread := float(np.std(self.shuffled, ddof=1))):
            return 0.0
        return (self.effect - float(np.mean(self.shuffled))) / spread


def insert_motif(
    function: Function,
    motif: Motif,
    backgrounds: Codes,
    generator: np.random.Generator,
    *,
    output: int = 0,
    both_strands: bool = True,
) -> Insertion:
    """Set the consensus of a motif, and shuffles of it, into the middle of backgrounds.

    A shuffle is neither the consensus nor, where strands are alike, its reverse complement.

    Parameters
    ----------
    function : callable
        The model.
    motif : Motif
        Not wider than the backgrounds.
    backgrounds : uint8 array [n, length]
        Windows without the motif, such as shuffled ones or quiet ones of the genome.
    generator : numpy.random.Generator
        Draws the shuffles.
    output : int
        Which output is asked.
    both_strands : bool
        Whether the reverse complement is the same motif.
    """
    own = motif.consensus
    words = [own, *_shuffles(own, generator, both_strands)]
    start = (backgrounds.shape[1] - len(own)) // 2
    sets = np.repeat(backgrounds[None], len(words) + 1, axis=0)
    for number, word in enumerate(words):
        sets[number, :, start : start + len(own)] = word
    said = predict(function, sets.reshape(-1, backgrounds.shape[1]))[:, output].reshape(sets.shape[:2])
    effects = (said[:-1] - said[-1]).mean(axis=1)
    return Insertion(
        name=motif.name,
        word=sequence_of(own),
        effect=float(effects[0]),
        shuffled=tuple(map(float, effects[1:])),
    )


def write_insertions(path: Path, insertions: Sequence[Insertion]) -> None:
    """Write effects beside those of shuffles as a table, atomically."""
    with atomic_path(path) as aside, open(aside, "w", newline="") as handle:
        table = csv.writer(handle, delimiter="\t", lineterminator="\n")
        table.writerow(
            ("motif", "word", "effect", "shuffles", "beaten", "shuffled_mean", "shuffled_max", "z")
        )
        for one in insertions:
            others = np.array(one.shuffled or (np.nan,))
            numbers = (f"{others.mean():.5g}", f"{others.max():.5g}", f"{one.z:.3g}")
            table.writerow((one.name, one.word, f"{one.effect:.5g}", len(one.shuffled), one.beaten, *numbers))


def _shuffles(
    own: npt.NDArray[np.uint8], generator: np.random.Generator, both_strands: bool
) -> list[npt.NDArray[np.uint8]]:
    taken = {own.tobytes()}
    if both_strands:
        taken.add(reverse_complement(own).tobytes())
    words = []
    for word in shuffle_bases(np.repeat(own[None], SHUFFLES * _TRIES, axis=0), generator):
        if len(words) < SHUFFLES and word.tobytes() not in taken:
            taken.add(word.tobytes())
            words.append(word)
    return words

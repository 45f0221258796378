"""From seqlets to motifs: alike stretches are aligned and averaged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from seqmill.genome.bases import AMBIGUOUS
from seqmill.genome.motif import Motif
from seqmill.interpretation.contributions import Contributions
from seqmill.interpretation.seqlets import WIDTH, Seqlets
from seqmill.interpretation.similarity import Aligned, align

ALIKE = 0.6
"""Cosine from which a seqlet belongs to a motif."""

SAME = 0.75
"""Cosine from which two motifs are one."""

FEWEST = 12
"""Seqlets that make a motif."""

_EDGE = 0.25
"""Share of the strongest position's contribution below which the ends of a motif are cut."""

_NARROWEST = 4


@dataclass(frozen=True, kw_only=True)
class Found:
    """A motif that was found.

    Attributes
    ----------
    motif : Motif
        Frequencies of the bases.
    contributions : float64 array [width, 4]
        Mean contribution of each base over all seqlets.
    mean : float
        Mean over seqlets of their cores' contribution; negative where the motif lowers the output.
    """

    motif: Motif
    contributions: npt.NDArray[np.float64]
    mean: float

    @property
    def sites(self) -> int:
        """Seqlets that it was made from."""
        return self.motif.sites


def discover(
    contributions: Contributions, seqlets: Seqlets, *, both_strands: bool = True, fewest: int = FEWEST
) -> list[Found]:
    """Group seqlets into motifs, those with most seqlets first.

    The seqlet with most others alike and not yet taken begins a group with these, again and again. Each
    seqlet then joins the group whose mean is most like it; groups with like means become one; groups below
    `fewest` are left out.

    Parameters
    ----------
    contributions : Contributions
        Where the seqlets lie.
    seqlets : Seqlets
        What to group.
    both_strands : bool
        Whether a seqlet and its reverse complement are alike.
    fewest : int
        Seqlets that make a motif.

    Notes
    -----
    The grouping is that of Butina, J. Chem. Inf. Comput. Sci. 39 (1999); the idea of grouping stretches by
    their contributions that of Shrikumar et al., "Technical note on TF-MoDISco", arXiv:1811.00416.
    """
    if len(seqlets) < fewest:
        return []
    _, values = _stretches(contributions, seqlets, np.zeros(len(seqlets), int))
    centres = values[_centres(values, both_strands, fewest)]
    means = np.zeros((0, 4, WIDTH), np.float32)
    for _ in range(3):
        if not len(centres):
            return []
        nearest = align(centres, values, both_strands=both_strands)
        group = np.where(nearest.cosine.max(axis=0) >= ALIKE, nearest.cosine.argmax(axis=0), -1)
        sizes = np.bincount(group[group >= 0], minlength=len(centres))
        chosen = np.flatnonzero(sizes >= fewest)[np.argsort(-sizes[sizes >= fewest], kind="stable")]
        grouped = [
            _averaged(contributions, seqlets, np.flatnonzero(group == one), one, nearest) for one in chosen
        ]
        means = np.array([mean for _, mean, _ in grouped], np.float32).reshape(-1, 4, WIDTH)
        centres = means[_distinct(means, both_strands)]
    kept = _distinct(means, both_strands)
    return numbered([trimmed(*grouped[one]) for one in kept])


def numbered(found: Sequence[Found]) -> list[Found]:
    """Name motifs by their rank, those with most seqlets first."""
    return [
        replace(one, motif=replace(one.motif, name=f"motif_{number}"))
        for number, one in enumerate(sorted(found, key=lambda one: -one.sites), 1)
    ]


def _stretches(
    contributions: Contributions, seqlets: Seqlets, moved: npt.NDArray[np.int_]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """Give the bases [n, WIDTH] and contributions [n, 4, WIDTH] of seqlets moved to the right."""
    length = contributions.codes.shape[1]
    places = (seqlets.start + moved)[:, None] + np.arange(WIDTH)
    inside = (places >= 0) & (places < length)
    places = places.clip(0, length - 1)
    rows = seqlets.window[:, None]
    codes = np.where(inside, contributions.codes[rows, places], AMBIGUOUS)
    values = contributions.of_bases[rows, places]
    return codes, np.where(codes[:, None] == np.arange(4)[:, None], values[:, None], np.float32(0))


def _centres(values: npt.NDArray[np.float32], both_strands: bool, fewest: int) -> list[int]:
    """Name the seqlets that begin a group."""
    alike = (align(values, values, both_strands=both_strands).cosine >= ALIKE).astype(np.float32)
    free = np.ones(len(values), np.bool_)
    centres = []
    while True:
        counts = alike @ free
        counts[~free] = 0
        centre = int(counts.argmax())
        if counts[centre] < fewest:
            break
        centres.append(centre)
        free &= alike[centre] == 0
    return centres


def _averaged(
    contributions: Contributions,
    seqlets: Seqlets,
    members: npt.NDArray[np.intp],
    group: int,
    nearest: Aligned,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], float]:
    """Align the seqlets of a group to its centre; give base counts and mean contributions [4, WIDTH]."""
    turned = nearest.turned[group, members]
    shift = nearest.shift[group, members].astype(int)
    chosen = Seqlets(
        window=seqlets.window[members], start=seqlets.start[members], score=seqlets.score[members]
    )
    codes, values = _stretches(contributions, chosen, np.where(turned, shift, -shift))
    counts = (codes[:, None] == np.arange(4)[:, None]).astype(np.float64)
    counts[turned] = counts[turned][:, ::-1, ::-1]
    values[turned] = values[turned][:, ::-1, ::-1]
    return counts.sum(axis=0), values.mean(axis=0, dtype=np.float64), float(chosen.score.mean())


def _distinct(means: npt.NDArray[np.float32], both_strands: bool) -> list[int]:
    """Name the groups that are not like an earlier one."""
    alike = align(means, means, both_strands=both_strands).cosine >= SAME
    kept: list[int] = []
    for one in range(len(means)):
        if not alike[one, kept].any():
            kept.append(one)
    return kept


def trimmed(counts: npt.NDArray[np.float64], values: npt.NDArray[np.float64], mean: float) -> Found:
    """Make a motif of base counts and mean contributions, both [4, width], without weak ends.

    The width is at least 4; `mean` is that of the seqlets.
    """
    weight = np.abs(values).sum(axis=0)
    strong = np.flatnonzero(weight >= _EDGE * weight.max())
    first, last = int(strong[0]), int(strong[-1]) + 1
    if last - first < _NARROWEST:
        first = max(0, min(first - (_NARROWEST - last + first) // 2, WIDTH - _NARROWEST))
        last = first + _NARROWEST
    kept = counts[:, first:last].T
    motif = Motif(
        name="motif",
        probabilities=(kept + 0.25) / (kept + 0.25).sum(axis=1, keepdims=True),
        sites=int(counts.sum(axis=0).max()),
    )
    return Found(motif=motif, contributions=values[:, first:last].T, mean=mean)

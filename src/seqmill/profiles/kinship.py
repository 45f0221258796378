"""Kinship of people by KING-robust (Manichaikul et al. 2010), which needs no frequencies of alleles."""

from collections.abc import Iterable, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seqmill.errors import InputError
from seqmill.profiles.table import Block

DEGREES = ((0.354, "the same person or a twin"), (0.177, "first"), (0.0884, "second"), (0.0442, "third"))
"""Lowest kinship of a degree (Manichaikul et al. 2010, table 1)."""

SECOND = DEGREES[2][0]
"""Lowest kinship of the second degree."""

_FEWEST = 100
_AT_ONCE = 512
_INNER, _OUTER = 0.8, 0.95


class Pair(NamedTuple):
    """Two people, by row, and their kinship: 0.5 with oneself, 0.25 with a parent, child or sibling."""

    first: int
    second: int
    kinship: float

    @property
    def degree(self) -> str:
        """Degree of the relation."""
        return next((name for least, name in DEGREES if self.kinship > least), "none")


def find_relatives(block: Block, *, least: float = SECOND) -> list[Pair]:
    """Find the pairs whose kinship is above a limit, the closest first.

    Kinship is estimated of the sites at which both are called. Its spread among the unrelated falls with the
    number of independent sites; where chance alone would bring pairs above the limit, nothing is told.

    Parameters
    ----------
    block : Block
        int8 dosages, shape (n, S).
    least : float
        The limit.

    Raises
    ------
    InputError
        When the block holds no dosages, or too few or too linked sites to tell relatives from chance.
    """
    if block.values.dtype != np.int8:
        raise InputError(f"kinship is made of int8 dosages, found {block.values.dtype}; give such a block")
    values = np.where(block.mask, block.values, -1)
    varying = (values == 1).any(axis=0)
    if varying.sum() < _FEWEST:
        raise InputError(
            f"kinship needs {_FEWEST} sites or more at which someone has two alleles, found "
            f"{int(varying.sum())}; give a block of more sites"
        )
    values = values[:, varying]
    parts = {code: (values == code).astype(np.float32) for code in (0, 1, 2)}
    called = (values >= 0).astype(np.float32)
    _refuse_chance(_kinship(parts, called, slice(0, _AT_ONCE)), len(values), least)
    pairs = []
    for start in range(0, len(values), _AT_ONCE):
        kinship = _kinship(parts, called, slice(start, start + _AT_ONCE))
        firsts, seconds = np.nonzero(kinship > least)
        for first, second in zip(firsts.tolist(), seconds.tolist(), strict=True):
            if start + first < second:
                pairs.append(Pair(start + first, second, float(kinship[first, second])))
    return sorted(pairs, key=lambda pair: (-pair.kinship, pair.first, pair.second))


def families(people: int, pairs: Iterable[Pair]) -> list[int]:
    """Number the families: people who are joined by pairs, directly or through others, share a number."""
    head = list(range(people))

    def root(one: int) -> int:
        while head[one] != one:
            head[one] = head[head[one]]
            one = head[one]
        return one

    for pair in pairs:
        low, high = sorted((root(pair.first), root(pair.second)))
        head[high] = low
    return [root(one) for one in range(people)]


def check_apart(
    pairs: Iterable[Pair], ids: Sequence[str], places: Sequence[frozenset[str]], *, where: str
) -> None:
    """Refuse relatives in several folds or splits.

    Parameters
    ----------
    pairs : iterable of Pair
    ids : sequence of str
        Pseudonymous names of the people.
    places : sequence of frozenset of str
        Folds or splits that each person is in; empty for one who is in none.
    where : str
        What the places are, for the message.

    Raises
    ------
    InputError
        Naming the closest pair.
    """
    apart = [
        pair
        for pair in pairs
        if places[pair.first] and places[pair.second] and len(places[pair.first] | places[pair.second]) > 1
    ]
    if not apart:
        return
    pair = apart[0]
    held = [", ".join(sorted(places[one])) for one in (pair.first, pair.second)]
    raise InputError(
        f"{where}: {ids[pair.first]} and {ids[pair.second]} are relatives (kinship {pair.kinship:.3f}, "
        f"degree: {pair.degree}), but lie in {held[0]} and {held[1]}; {len(apart):,} such pairs in all. "
        "Group families in one fold: seqmill ancestry writes families.tsv, of which texts and folds of the "
        "plan can be made"
    )


def _refuse_chance(kinship: npt.NDArray[np.float32], people: int, least: float) -> None:
    """Refuse a limit that unrelated people reach; nineteen in twenty pairs are taken to be unrelated.

    The spread is that of the upper part, since people of several populations make a tail on the other side.
    """
    first, second = np.indices(kinship.shape)
    inner, outer = np.quantile(kinship[first != second], (_INNER, _OUTER))
    normal = NormalDist()
    spread = float(outer - inner) / (normal.inv_cdf(_OUTER) - normal.inv_cdf(_INNER))
    chance = 1 / (people * max(people - 1, 2))
    reach = float(outer) + spread * (normal.inv_cdf(1 - chance) - normal.inv_cdf(_OUTER))
    if reach >= least:
        raise InputError(
            f"kinship of unrelated people scatters by {spread:.3f} at these sites, so that of "
            f"{people:,} people some reach {reach:.3f} by chance; limit {least:g}. Give more sites, or less "
            "linked ones, or raise the limit"
        )


def _kinship(
    parts: dict[int, npt.NDArray[np.float32]], called: npt.NDArray[np.float32], rows: slice
) -> npt.NDArray[np.float32]:
    """Give the kinship of some people with all, float32 [rows, n]; -1 where nothing can be told."""
    low, one, high = (parts[code][rows] for code in (0, 1, 2))
    both = one @ parts[1].T
    opposite = low @ parts[2].T + high @ parts[0].T
    own, other = one @ called.T, called[rows] @ parts[1].T
    fewer = np.minimum(own, other)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (both - 2 * opposite) / (2 * fewer) + 0.5 - 0.25 * (own + other) / fewer
    return np.where(fewer > 0, found, -1.0)

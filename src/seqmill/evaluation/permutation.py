"""Whether two callers correlate with what was observed equally well: a test that swaps their predictions.

Where the callers are alike, an item's two predictions may trade places. All runs are standardised first
(for Spearman's correlation after ranking), so that a difference of scale alone is none.

Source of the method: Fisher (1935), "The Design of Experiments"; for paired system outputs Noreen (1989).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse, stats

Floats = npt.NDArray[np.float64]

PERMUTATIONS = 9999
_EXACT = 13
"""Up to this many items every one of the 2**n swaps is looked at."""

_CHUNK = 4_000_000
_ROUNDING = 1e-12


def swap_test(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    observed: npt.ArrayLike,
    *,
    kind: str,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
    blocks: npt.ArrayLike | None = None,
) -> float:
    """Give the two-sided p-value of the difference in mean correlation between two callers.

    Parameters
    ----------
    a, b : float array, shape (runs, n)
        Predictions of the runs of each caller, such as its seeds; a caller with fewer runs repeats them in
        turn where predictions are swapped.
    observed : float array, shape (n,)
        What was to be predicted.
    kind : str
        ``pearson`` or ``spearman``.
    permutations : int
        Random swaps, unless all swaps can be looked at.
    seed : int
        Seed of the random swaps.
    blocks : int array, shape (n,), optional
        Items of one block are swapped together; each for itself unless given.
    """
    first, second = (np.atleast_2d(np.asarray(side, np.float64)) for side in (a, b))
    runs = max(len(first), len(second))
    first, second = (_standard(side[np.arange(runs) % len(side)], kind) for side in (first, second))
    target = _standard(np.atleast_2d(np.asarray(observed, np.float64)), kind)[0]
    members = None if blocks is None else _members(np.asarray(blocks))
    n = len(target) if members is None else members.shape[0]
    own = np.abs(_differences(np.zeros((1, n), np.float64), first, second, target, members))[0]
    exact = n <= _EXACT
    reached, drawn = 0, 0
    for swaps in _all_swaps(n) if exact else _random_swaps(n, permutations, seed):
        reached += int((np.abs(_differences(swaps, first, second, target, members)) >= own - _ROUNDING).sum())
        drawn += len(swaps)
    return reached / drawn if exact else (1 + reached) / (1 + drawn)


def _standard(values: Floats, kind: str) -> Floats:
    ranked = stats.rankdata(values, axis=1) if kind == "spearman" else values
    spread = ranked.std(axis=1, keepdims=True)
    centred = ranked - ranked.mean(axis=1, keepdims=True)
    return np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)


def _members(blocks: npt.NDArray[Any]) -> sparse.csr_array:
    """Give which items a block holds, 0 or 1, [blocks, n]."""
    names, block = np.unique(blocks, return_inverse=True)
    n = len(block)
    return sparse.csr_array((np.ones(n), (block, np.arange(n))), shape=(len(names), n))


def _differences(
    swaps: Floats, first: Floats, second: Floats, target: Floats, members: sparse.csr_array | None
) -> Floats:
    """Give the difference in mean correlation under each swap, [swaps]."""
    totals = np.zeros(len(swaps))
    for one, other in zip(first, second, strict=True):
        totals += _correlation(swaps, one, other, target, members)
        totals -= _correlation(swaps, other, one, target, members)
    return totals / len(first)


def _correlation(
    swaps: Floats, kept: Floats, given: Floats, target: Floats, members: sparse.csr_array | None
) -> Floats:
    """Correlate `kept` with the target after it took `given` where a swap says so; sums are linear."""
    n = len(target)  # of items, while swaps are of blocks
    terms = np.stack([given - kept, given**2 - kept**2, (given - kept) * target], axis=1)
    if members is not None:
        terms = members @ terms
    total, squares, product = ([kept.sum(), (kept**2).sum(), kept @ target] + swaps @ terms).T
    spread = squares / n - (total / n) ** 2
    return np.divide(product / n, np.sqrt(np.maximum(spread, 0)), out=np.zeros(len(swaps)), where=spread > 0)


def _all_swaps(n: int) -> Iterator[Floats]:
    yield ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(np.float64)


def _random_swaps(n: int, permutations: int, seed: int) -> Iterator[Floats]:
    rng = np.random.default_rng(seed)
    step = max(1, _CHUNK // n)
    for start in range(0, permutations, step):
        rows = min(step, permutations - start)
        bits = rng.integers(0, 256, (rows, -(-n // 8)), np.uint8)
        yield np.unpackbits(bits, axis=1, count=n).astype(np.float64)

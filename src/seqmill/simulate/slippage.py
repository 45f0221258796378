"""Repeats of a haplotype that slip while the library is copied."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqmill.simulate.noise import RepeatSlippage
from seqmill.simulate.repeats import find_repeats


@dataclass(frozen=True)
class SlipSites:
    """Repeats of one haplotype that may slip, sorted by start.

    Attributes
    ----------
    starts, ends, units : np.ndarray
        int64 [n]; 0-based half-open, unit length in bp.
    hazard : np.ndarray
        float64 [n + 1], running sum of ``-log(1 - probability)``.
    contraction, two_units : np.ndarray
        float64 [n], shares as in the slippage the repeat belongs to.
    """

    starts: np.ndarray
    ends: np.ndarray
    units: np.ndarray
    hazard: np.ndarray
    contraction: np.ndarray
    two_units: np.ndarray


def slip_sites(codes: np.ndarray, slippage: Sequence[RepeatSlippage]) -> SlipSites:
    """Find the repeats of a haplotype (uint8 codes) that slip."""
    found = [find_repeats(codes, unit=slip.unit, copies=slip.fewest) for slip in slippage]
    sizes = [len(repeats.starts) for repeats in found]
    order = np.argsort(_joined([repeats.starts for repeats in found], np.int64), kind="stable")
    chances = _joined(
        [slip.probability(repeats.copies) for slip, repeats in zip(slippage, found, strict=True)], np.float64
    )

    def spread(values: list[float], kind: type) -> np.ndarray:
        return np.repeat(np.array(values, kind), sizes)[order]

    return SlipSites(
        starts=_joined([repeats.starts for repeats in found], np.int64)[order],
        ends=_joined([repeats.ends for repeats in found], np.int64)[order],
        units=spread([slip.unit for slip in slippage], np.int64),
        hazard=np.concatenate([[0.0], np.cumsum(-np.log1p(-chances[order]))]),
        contraction=spread([slip.contraction for slip in slippage], np.float64),
        two_units=spread([slip.two_units for slip in slippage], np.float64),
    )


def _joined(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate([np.empty(0, kind), *parts])

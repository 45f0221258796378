"""Summary features of pileups on the processor, straight from the packed bytes."""

import math

import numpy as np
import numpy.typing as npt
from numba import njit

from seqmill.applications.small_variants.layout import (
    DECISIVE,
    LLR_STEPS,
    LLR_ZERO,
    OTHER_ALLELE,
    PRESENT,
    REVERSE,
    SUPPORTS_ALT,
    SUPPORTS_REF,
)
from seqmill.applications.small_variants.spec import ALLELE_FRACTIONS, SCALARS

_LLR = (np.arange(256) - LLR_ZERO) / LLR_STEPS
_LIMIT = np.arange(256) * (math.log(10.0) / 10.0)
_EXP_LLR, _EXP_LIMIT, _EXP_MINUS = np.expm1(_LLR), np.expm1(_LIMIT), np.expm1(-_LIMIT)
_FRACTIONS = np.array(ALLELE_FRACTIONS)
_N_FRACTIONS = len(ALLELE_FRACTIONS)
_LARGE = 1e200


@njit(cache=True, nogil=True)
def _profile(
    packed: npt.NDArray[np.uint8],
    columns: int,
    likelihood: npt.NDArray[np.float64],
    product: npt.NDArray[np.float64],
) -> None:
    """Sum the log-likelihood of each allele fraction; logarithms are taken of products, not of factors."""
    width = columns + SCALARS
    likelihood[:] = 0.0
    product[:] = 1.0
    for row in range(1, packed.shape[0] // width):
        at = row * width + columns
        if not packed[at + 1] & PRESENT:
            continue
        llr, limit = _LLR[packed[at + 2]], _LIMIT[packed[at]]
        if llr > limit:
            grown = _EXP_LIMIT[packed[at]]
        elif llr < -limit:
            grown = _EXP_MINUS[packed[at]]
        else:
            grown = _EXP_LLR[packed[at + 2]]
        smallest, largest = _LARGE, 0.0
        for f in range(_N_FRACTIONS):
            product[f] *= 1.0 + _FRACTIONS[f] * grown
            smallest, largest = min(smallest, product[f]), max(largest, product[f])
        if largest > _LARGE or smallest < 1.0 / _LARGE:
            for f in range(_N_FRACTIONS):
                likelihood[f] += math.log(product[f])
                product[f] = 1.0
    for f in range(_N_FRACTIONS):
        likelihood[f] += math.log(product[f])


@njit(cache=True, nogil=True)
def summarise(payload: npt.NDArray[np.uint8], columns: int, out: npt.NDArray[np.float32]) -> None:
    """Fill the features of a batch; see `seqmill.applications.small_variants.expand.site_features`.

    Parameters
    ----------
    payload : uint8 array [B, (H + 1) * (columns + 8)]
        Payloads, zero-padded.
    columns : int
        Reference positions of a pileup.
    out : float32 array [B, N_FEATURES]
        One row for each example.
    """
    width = columns + SCALARS
    height = payload.shape[1] // width
    likelihood = np.empty(_N_FRACTIONS)
    product = np.empty(_N_FRACTIONS)
    for example in range(payload.shape[0]):
        packed, into = payload[example], out[example]
        present = n_alt = n_ref = n_other = n_low = 0
        mapq_all = 0
        # of reads that lean to the candidate [0] and against it [1]
        count, forward = np.zeros(2, np.int64), np.zeros(2, np.int64)
        quality, mapq, margin = np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(2, np.int64)
        mismatches, clipped, llrs = np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(2)
        first = second = third = -np.inf
        for row in range(1, height):
            at = row * width + columns
            flags = packed[at + 1]
            n_alt += (flags & SUPPORTS_ALT) > 0
            n_ref += (flags & SUPPORTS_REF) > 0
            n_other += (flags & OTHER_ALLELE) > 0
            llr = _LLR[packed[at + 2]] if flags & PRESENT else 0.0
            if llr > first:
                first, second, third = llr, first, second
            elif llr > second:
                second, third = llr, second
            elif llr > third:
                third = llr
            if not flags & PRESENT:
                continue
            present += 1
            mapq_all += packed[at]
            n_low += packed[at] < 20
            if -DECISIVE <= llr <= DECISIVE:
                continue
            side = 0 if llr > 0 else 1
            count[side] += 1
            forward[side] += 1 - (flags & REVERSE)
            mapq[side] += packed[at]
            quality[side] += packed[at + 3]
            margin[side] += packed[at + 4]
            mismatches[side] += packed[at + 5]
            clipped[side] += packed[at + 6] > 0
            llrs[side] += llr
        lean, against = max(count[0], 1), max(count[1], 1)
        some = max(present, 1)
        site = packed[columns : columns + SCALARS]
        into[0] = site[0] == 1
        into[1] = site[0] == 2
        into[2] = site[0] == 3
        into[3] = math.log1p(site[1])
        into[4] = min(site[2], 30) / 10
        into[5] = site[3] / 6
        into[6] = min(site[4], 30) / 10
        into[7] = min(np.int64(site[3]) * site[4], 60) / 20
        into[8] = math.log1p(site[5]) / 2
        into[9] = min(site[6], 4) / 2
        into[10] = math.log1p(n_alt)
        into[11] = math.log1p(n_ref)
        into[12] = math.log1p(n_other)
        into[13] = math.log1p(count[0])
        into[14] = math.log1p(count[1])
        into[15] = math.log1p(present - count[0] - count[1])
        into[16] = n_alt / some
        into[17] = n_other / some
        into[18] = count[0] / max(count[0] + count[1], 1)
        into[19] = n_alt / max(n_alt + n_ref, 1)
        into[20] = forward[0] / lean
        into[21] = forward[1] / against
        into[22] = min(forward[0], count[0] - forward[0], 4) / 2
        into[23] = quality[0] / lean / 20
        into[24] = quality[1] / against / 20
        into[25] = mapq[0] / lean / 30
        into[26] = mapq_all / some / 30
        into[27] = n_low / some
        into[28] = margin[0] / lean / 40
        into[29] = margin[1] / against / 40
        into[30] = min(mismatches[0] / lean, 20) / 4
        into[31] = min(mismatches[1] / against, 20) / 4
        into[32] = clipped[0] / lean
        into[33] = clipped[1] / against
        into[34] = llrs[0] / lean / 8
        into[35] = llrs[1] / against / 8
        into[36] = first / 8
        into[37] = second / 8
        into[38] = third / 8
        _profile(packed, columns, likelihood, product)
        best = likelihood.max()
        for f in range(_N_FRACTIONS):
            into[39 + f] = -math.log1p(best - likelihood[f]) / 2

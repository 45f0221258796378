"""Read pairs from fragments: slippage, copying errors, qualities, base errors."""

from statistics import NormalDist

import numpy as np
from numba import njit

from seqmill.simulate.fragments import Fragments
from seqmill.simulate.noise import MAX_QUALITY, ErrorModel
from seqmill.simulate.slippage import slip_sites

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_NORMAL_BITS = 12
_NORMAL = np.array(
    [NormalDist().inv_cdf((i + 0.5) / (1 << _NORMAL_BITS)) for i in range(1 << _NORMAL_BITS)], np.float32
)


@njit(inline="always")
def _mix(x):  # splitmix64 finaliser (Steele et al. 2014)
    x = np.uint64(x)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(inline="always")
def _unit(x):
    return (np.float64(x >> np.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)


@njit(nogil=True, cache=True)
def _copy_molecule(
    codes,
    start,
    length,
    state,
    starts,
    ends,
    units,
    hazard,
    contraction,
    two_units,
    copying_rate,
    transitions,
    out,
):
    """Fill `out` with one molecule as the library holds it; give its length."""
    end = start + length
    written = 0
    position = start
    site = np.searchsorted(starts, start)
    while site < len(starts):
        state += _GOLDEN
        target = hazard[site] - np.log(_unit(_mix(state)))
        site = np.searchsorted(hazard, target, side="right") - 1
        if site >= len(starts) or ends[site] > end:
            break
        if starts[site] >= position:
            while position < starts[site]:
                out[written] = codes[position]
                written += 1
                position += 1
            state += _GOLDEN
            change = units[site]
            if _unit(_mix(state)) < two_units[site]:
                change *= 2
            state += _GOLDEN
            if _unit(_mix(state)) < contraction[site]:
                position += change
            else:
                for i in range(change):
                    out[written] = codes[position + i]
                    written += 1
        site += 1
    while position < end:
        out[written] = codes[position]
        written += 1
        position += 1
    if copying_rate > 0.0:
        at = -1
        scale = 1.0 / np.log1p(-copying_rate)
        while True:
            state += _GOLDEN
            at += 1 + int(np.log(_unit(_mix(state))) * scale)
            if at >= written:
                break
            state += _GOLDEN
            u = _unit(_mix(state))
            if u < transitions:
                out[at] = out[at] ^ 2
            else:
                out[at] = (out[at] ^ 1) if u < 0.5 * (1.0 + transitions) else 3 - out[at]
    return written


@njit(nogil=True, cache=True)
def _sequence(
    first_codes, second_codes, haplotype, start, length, reverse, molecule, serial, molecule_key, read_key,
    first_slips, second_slips, copying_rate, transitions, mean, read_sd, base_sd, memory, dip_rate, dip_depth,
    shown, errors, normal, insertion_rate, deletion_rate, bases, qualities,
):  # fmt: skip
    pairs, _, cycles = bases.shape
    molecule_bases = np.empty(1 << 14, np.uint8)
    dip = np.uint64(dip_rate * 65536.0)
    fresh = np.float32(base_sd * np.sqrt(1.0 - memory * memory))
    event_rate = insertion_rate + deletion_rate
    event_scale = 1.0 / np.log1p(-event_rate) if event_rate > 0.0 else 0.0
    for row in range(pairs):
        codes = first_codes if haplotype[row] == 0 else second_codes
        starts, ends, units, hazard, contraction, two_units = (
            first_slips if haplotype[row] == 0 else second_slips
        )
        state = _mix(molecule_key + np.uint64(molecule[row]) * _GOLDEN)
        size = _copy_molecule(
            codes, start[row], length[row], state, starts, ends, units, hazard, contraction, two_units,
            copying_rate, transitions, molecule_bases,
        )  # fmt: skip
        state = _mix(read_key + np.uint64(serial + row) * _GOLDEN)
        for mate in range(2):
            forward = (mate == 0) != reverse[row]
            state += _GOLDEN
            offset = read_sd * normal[_mix(state) & np.uint64(4095)]
            state += _GOLDEN
            drift = base_sd * normal[_mix(state) & np.uint64(4095)]
            state += _GOLDEN
            event = int(np.log(_unit(_mix(state))) * event_scale) if event_rate > 0.0 else cycles
            template = 0
            for cycle in range(cycles):
                state += _GOLDEN
                u = _mix(state)
                drift = memory * drift + fresh * normal[u & np.uint64(4095)]
                level = mean[mate, cycle] + offset + drift
                if (u >> np.uint64(12)) & np.uint64(65535) < dip:
                    level -= dip_depth
                quality = min(max(int(level + 0.5), 2), MAX_QUALITY)
                qualities[row, mate, cycle] = shown[quality]
                inserted = False
                if cycle == event:
                    state += _GOLDEN
                    inserted = _unit(_mix(state)) * event_rate < insertion_rate
                    if not inserted:
                        template += 1
                    state += _GOLDEN
                    event += 1 + int(np.log(_unit(_mix(state))) * event_scale)
                if inserted or template >= size:
                    state += _GOLDEN
                    base = np.uint8(_mix(state) & np.uint64(3))
                else:
                    base = molecule_bases[template] if forward else 3 - molecule_bases[size - 1 - template]
                    template += 1
                    if (u >> np.uint64(32)) < errors[quality]:
                        state += _GOLDEN
                        base = (base + 1 + (_mix(state) >> np.uint64(8)) % np.uint64(3)) & 3
                bases[row, mate, cycle] = base


class Sequencer:
    """Turns the fragments of one contig of one sample into reads.

    Parameters
    ----------
    haplotypes : tuple of np.ndarray
        uint8 codes of the two haplotypes.
    model : ErrorModel
    key : int
        64-bit key; the reads are a pure function of it, the fragments and the model.
    read_length : int
    """

    def __init__(
        self, haplotypes: tuple[np.ndarray, np.ndarray], model: ErrorModel, *, key: int, read_length: int
    ) -> None:
        self._haplotypes = haplotypes
        self._model = model
        self._molecule_key = np.uint64(key)
        self._read_key = np.uint64(key ^ 0x5851F42D4C957F2D)
        self._slips = []
        for codes in haplotypes:
            sites = slip_sites(codes, model.slippage)
            self._slips.append(
                (sites.starts, sites.ends, sites.units, sites.hazard, sites.contraction, sites.two_units)
            )
        self._mean = model.mean_quality(read_length)
        self._shown = model.shown_quality()
        chance = np.minimum(10.0 ** (-np.arange(MAX_QUALITY + 1) / 10.0), 0.75)
        self._errors = (chance * 2.0**32).astype(np.uint64)

    def read(self, fragments: Fragments, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """Give bases and qualities of the pairs ``first:last``.

        Returns
        -------
        bases, qualities : np.ndarray
            uint8 [last - first, 2, read length]: codes A 0, C 1, G 2, T 3 as read, and shown Phred qualities.
        """
        model = self._model
        rows = slice(first, last)
        bases = np.empty((last - first, 2, self._mean.shape[1]), np.uint8)
        qualities = np.empty_like(bases)
        _sequence(
            *self._haplotypes, fragments.haplotype[rows], fragments.start[rows], fragments.length[rows],
            fragments.reverse[rows], fragments.molecule[rows], first, self._molecule_key, self._read_key,
            *self._slips, model.copying_rate, model.transition_share, self._mean, model.read_sd,
            model.base_sd, model.memory, model.dip_rate, model.dip_depth, self._shown, self._errors, _NORMAL,
            model.insertion_rate, model.deletion_rate, bases, qualities,
        )  # fmt: skip
        return bases, qualities

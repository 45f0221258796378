"""Single alleles drawn to fit the sequence they change."""

import numpy as np

from seqmill.genome.normalise import normalise
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele
from seqmill.simulate.repeats import N_CODE, find_repeats
from seqmill.simulate.spectrum import Spectrum

_BASES = "ACGT"
_FEWEST_RUN = 3
_LONGEST_UNIT = 6
_MOST_UNITS = 2
_MOST_ATTEMPTS = 20
_MARGIN = 60


class AlleleSource:
    """Draws SNPs and indels of one contig under a spectrum.

    Parameters
    ----------
    contig : str
    reference : Reference
    spectrum : Spectrum

    Attributes
    ----------
    callable : np.ndarray
        int64 positions that are not N.
    """

    def __init__(self, contig: str, reference: Reference, spectrum: Spectrum) -> None:
        self._contig, self._reference, self._spectrum = contig, reference, spectrum
        self._length = reference.contigs[contig]
        self._codes = reference.codes(contig, 0, self._length)
        self.callable = np.flatnonzero(self._codes < N_CODE)
        runs = find_repeats(self._codes, unit=1, copies=_FEWEST_RUN)
        weights = np.array(spectrum.run_weights)
        self._run_starts, self._run_lengths = runs.starts, runs.lengths
        self._run_chance = _shares(weights[np.minimum(runs.lengths - _FEWEST_RUN, len(weights) - 1)])
        self._tandem = {}
        for unit in range(2, _LONGEST_UNIT + 1):
            found = find_repeats(self._codes, unit=unit, copies=3 if unit < 4 else 2)
            if len(found.starts):
                copies = found.copies.astype(np.float64)
                self._tandem[unit] = found.starts, found.copies, _shares(copies**3)
        self._lengths = [_shares(spectrum.insertion_lengths), _shares(spectrum.deletion_lengths)]
        ratio = spectrum.transition_ratio
        self._transition = ratio / (1.0 + ratio)

    def snp(self, place: int, rng: np.random.Generator) -> Allele | None:
        """Draw the SNP at `place`, or None where it cannot lie."""
        kind, other = rng.random(2)
        if not self._inside(place, place + 1):
            return None
        base = int(self._codes[place])
        new = base ^ 2 if kind < self._transition else (base ^ 1 if other < 0.5 else 3 - base)
        return Allele(self._contig, place, _BASES[base], _BASES[new])

    def indels(self, rng: np.random.Generator) -> list[Allele]:
        """Draw one indel, or two at the same repeat; none where nothing drawn fits the contig."""
        for _ in range(_MOST_ATTEMPTS):
            if alleles := self._attempt(rng):
                return alleles
        return []

    def _attempt(self, rng: np.random.Generator) -> list[Allele]:
        spectrum = self._spectrum
        deletion = rng.random() < spectrum.deletion_share
        chances = self._lengths[int(deletion)]
        length = 1 + int(rng.choice(len(chances), p=chances))
        kind, second = rng.random(2)
        group = min(length, 4) - 1
        homopolymer = spectrum.homopolymer_share[group]
        unit = self._unit(length, kind < homopolymer, rng)
        if kind >= homopolymer + spectrum.tandem_share[group] or unit is None:
            return self._anywhere(length, deletion, rng)
        start, copies, period = self._repeat(unit, rng)
        changes = [(-length if deletion else length) // period]
        if second < spectrum.multiallelic_share:
            changes.append(changes[0] + (1 if rng.random() < 0.5 else -1))
        alleles = [self._resize(start, copies, period, change) for change in changes if change]
        return [allele for allele in alleles if allele is not None]

    def _unit(self, length: int, homopolymer: bool, rng: np.random.Generator) -> int | None:
        if homopolymer:
            return 1 if len(self._run_starts) else None
        units = [unit for unit in self._tandem if length % unit == 0 and length // unit <= _MOST_UNITS]
        return units[int(rng.integers(len(units)))] if units else None

    def _repeat(self, unit: int, rng: np.random.Generator) -> tuple[int, int, int]:
        if unit == 1:
            at = int(rng.choice(len(self._run_starts), p=self._run_chance))
            return int(self._run_starts[at]), int(self._run_lengths[at]), 1
        starts, copies, chance = self._tandem[unit]
        at = int(rng.choice(len(starts), p=chance))
        return int(starts[at]), int(copies[at]), unit

    def _resize(self, start: int, copies: int, unit: int, change: int) -> Allele | None:
        if -change >= copies:
            return None
        bases = self._text(start, start + unit)
        removed, added = (bases * -change, "") if change < 0 else ("", bases * change)
        return self._normal(start, removed, added)

    def _anywhere(self, length: int, deletion: bool, rng: np.random.Generator) -> list[Allele]:
        start = int(self.callable[rng.integers(len(self.callable))])
        copied, fresh = rng.random(), rng.integers(0, 4, length)
        if not self._inside(start - length, start + length):
            return []
        if deletion:
            removed, added = self._text(start, start + length), ""
        elif copied < self._spectrum.duplication_share:
            removed, added = "", self._text(start - length, start)
        else:
            removed, added = "", "".join(_BASES[code] for code in fresh)
        allele = self._normal(start, removed, added)
        return [allele] if allele is not None else []

    def _normal(self, start: int, removed: str, added: str) -> Allele | None:
        if not self._inside(start, start + len(removed)):
            return None
        anchor = self._text(start - 1, start)
        return normalise(self._contig, start - 1, anchor + removed, anchor + added, self._reference)

    def _inside(self, start: int, end: int) -> bool:
        first, last = start - _MARGIN, end + _MARGIN
        return first >= 0 and last <= self._length and bool((self._codes[first:last] < N_CODE).all())

    def _text(self, start: int, end: int) -> str:
        return "".join(_BASES[code] for code in self._codes[start:end])


def _shares(weights: np.ndarray | tuple[float, ...]) -> np.ndarray:
    weights = np.asarray(weights, np.float64)
    return weights / weights.sum()

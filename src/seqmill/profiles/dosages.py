"""Copies of an allele at every site, for every person, and what told them."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

MISSING = -1
"""Dosage of a person of whom nothing is known at a site."""

NOTHING, BLOCK, RECORD, MATCH = range(4)
"""What tells of a site: nothing; a reference block; a record of other alleles; one of its own allele."""

_WORDS = {NOTHING: "absent_as_reference", BLOCK: "reference_block", RECORD: "other_record", MATCH: "record"}


@dataclass
class Dosages:
    """Dosages of n people at S sites.

    Attributes
    ----------
    values : np.ndarray, int8, shape (n, S)
        Copies of the counted allele, 0 to 2; `MISSING` where there is no call.
    source : np.ndarray, uint8, shape (n, S)
        What told it, from `NOTHING` to `MATCH`.
    refused : Counter
        Reason -> genotypes at sites that do not count.
    """

    values: npt.NDArray[np.int8]
    source: npt.NDArray[np.uint8]
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def facts(self) -> dict[str, dict[str, int]]:
        """What reports tell: ``dosages`` by what told them, and ``refused`` genotypes by reason."""
        called = self.values != MISSING
        told = {word: int((called & (self.source == kind)).sum()) for kind, word in _WORDS.items()}
        return {
            "dosages": told | {"missing": int((~called).sum())},
            "refused": {reason: count for reason, count in sorted(self.refused.items()) if count},
        }

    def lay(self, rows: npt.NDArray[np.int64], place: int, values: npt.NDArray[np.int8], kind: int) -> None:
        """Take in what some people have at a site, where nothing better is known of them yet.

        Parameters
        ----------
        rows : np.ndarray, int64, shape (m,)
            The people.
        place : int
            The site.
        values : np.ndarray, int8, shape (m,)
            Their dosages, or `MISSING`.
        kind : int
            What told it.
        """
        held, source = self.values[rows, place], self.source[rows, place]
        better = (kind > source) | ((kind == source) & (held == MISSING))
        if kind == RECORD:
            better |= (kind == source) & (values > held)
        self.values[rows, place] = np.where(better, values, held)
        self.source[rows, place] = np.where(better, kind, source)

"""The outcomes that can be learnt: their labels, and which values of these are refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqmill.errors import InputError

DISEASE, TRAIT, TIME, EVENT = "disease", "trait", "time", "event"
"""Labels: 0 or 1; a number; time to event or end of observation; 1 where the event was seen, else 0."""

BINARY, QUANTITATIVE, SURVIVAL = "binary", "quantitative", "survival"

CLASSES = ("unaffected", "affected")
"""Names of the values of `DISEASE`."""

LABELS = {BINARY: (DISEASE,), QUANTITATIVE: (TRAIT,), SURVIVAL: (TIME, EVENT)}
"""Outcome -> the labels that rows must have."""

Values = npt.NDArray[np.floating]


@dataclass(frozen=True)
class _Rule:
    """Which values a label may have: what is wanted in words, and the test of many values."""

    wanted: str
    holds: Callable[[Values], npt.NDArray[np.bool_]]


_ZERO_OR_ONE = _Rule("0 or 1", lambda values: (values == 0) | (values == 1))
_RULES = {DISEASE: _ZERO_OR_ONE, EVENT: _ZERO_OR_ONE, TIME: _Rule("more than 0", lambda values: values > 0)}


def check_labels(labels: Mapping[str, Values], persons: list[str], *, where: str, prefix: str = "") -> None:
    """Refuse labels of which nothing can be learnt.

    Parameters
    ----------
    labels : mapping
        Label -> values of all rows, nan where missing.
    persons : list of str
        Pseudonymous id of each row.
    where : str
        Sample and file, for the message.
    prefix : str
        What the names of the columns begin with.

    Raises
    ------
    InputError
        When a disease or event is neither 0 nor 1, a time is not above 0, a label is the same in all rows,
        or no event was seen.
    """
    for name, values in labels.items():
        rule = _RULES.get(name)
        there = ~np.isnan(values)
        bad = np.zeros(len(values), bool) if rule is None else there & ~rule.holds(values)
        if rule is not None and bad.any():
            first = int(np.flatnonzero(bad)[0])
            more = f" ({int(bad.sum()) - 1:,} more rows alike)" if bad.sum() > 1 else ""
            raise InputError(
                f"{where}: column '{prefix}{name}': found {values[first]:g} for '{persons[first]}'{more}, "
                f"want {rule.wanted}; correct the file or leave the cell empty"
            )
    check_variation(labels, where=where, prefix=prefix)


def check_variation(labels: Mapping[str, Values], *, where: str, prefix: str = "") -> None:
    """Refuse a label that is the same in all rows, except an event that was always seen.

    Raises
    ------
    InputError
        With the value.
    """
    for name, values in labels.items():
        there = values[~np.isnan(values)]
        if not len(there) or there.min() < there.max() or (name == EVENT and there[0] == 1):
            continue
        hint = " (give cases and controls the same sample)" if name == DISEASE else ""
        raise InputError(
            f"{where}: column '{prefix}{name}': found {there[0]:g} in all {len(there):,} rows, want values "
            f"that differ; nothing can be learnt from a constant{hint}"
        )

"""Which rows lie in folds that a user names."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seqmill.errors import InputError, nearest
from seqmill.profiles.rows import FOLD, fold_names


def rows_within(rows: pa.Table, folds: Sequence[str], known: Collection[str]) -> npt.NDArray[np.bool_]:
    """Tell whether rows lie in any of some folds, bool [rows].

    Parameters
    ----------
    rows : pa.Table
        As `seqmill.profiles.rows.read_written` gives them.
    folds : sequence of str
        Such as ``person_3``, all of one kind.
    known : collection of str
        The folds that there are.

    Raises
    ------
    InputError
        When there is no such fold, or they are of several kinds, which share rows.
    """
    for fold in folds:
        if fold not in known:
            raise InputError(f"no fold '{fold}'{nearest(fold, known)}; there are {', '.join(sorted(known))}")
    names = fold_names(rows)
    kinds = sorted(kind for kind, of_kind in names.items() if not set(of_kind).isdisjoint(folds))
    if len(kinds) > 1:
        raise InputError(f"folds of {' and '.join(kinds)} found, want those of one kind: kinds share rows")
    if not kinds:
        return np.zeros(rows.num_rows, bool)
    numbers = [names[kinds[0]].index(fold) for fold in folds]
    return np.isin(rows[f"{FOLD}{kinds[0]}"].to_numpy(), numbers)

"""Labelled rows: which profile and molecule each is about, its labels, and the fold of its groups."""

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seqmill.errors import InputError
from seqmill.profiles.columns import numbers_of, read_file, text_of
from seqmill.profiles.folds import fold_of, group_of
from seqmill.profiles.plan import TABLES, ProfilesPlan, RowPlan
from seqmill.profiles.table import Mask, Table, read_parquet, write_parquet

FOLD, GROUP, LABEL = "fold.", "group.", "label."
"""Beginnings of the columns of a table of rows; the kind of fold or the name of the label follows."""

FOLDS = b"seqmill.folds"
"""Key of the metadata under which the names of the folds stand, by kind and number."""

UNKNOWN, UNLABELLED, REPEATED, UNGROUPED = "unknown", "no_label", "repeated", "no_group"
"""Why a row is left out: no such profile or molecule; no label; another says the same; an empty group."""


@dataclass(frozen=True)
class Rows:
    """Labelled rows of a sample, and how many were left out by reason."""

    table: pa.Table
    dropped: dict[str, int]


def read_rows(
    plan: ProfilesPlan, sample: str, tables: Mapping[str, Table], *, rename: Callable[[str], str] = str
) -> Rows:
    """Read the rows of a sample.

    Columns of the result: ``profile`` and ``molecule`` (int32, row of the table, -1 for none),
    ``profile_id`` and ``molecule_id``, ``label.NAME`` (float32, nan where missing), and for each kind of
    fold ``fold.KIND`` (int32) and ``group.KIND``. `rename` says what ids of profiles became in their table.

    Raises
    ------
    InputError
        When a file cannot be used, none of its rows can, or two rows of the same profile and molecule
        disagree.
    """
    pieces = [_read(row, plan, tables, rename) for row in plan.rows if row.sample == sample]
    dropped = Counter()
    for piece in pieces:
        dropped.update(piece.dropped)
    table = pa.concat_tables([piece.table for piece in pieces], promote_options="default")
    return Rows(table, dict(dropped))


def write_rows(
    path: str | os.PathLike[str], rows: Rows, plan: ProfilesPlan, *, encrypted: bool = False
) -> None:
    """Write rows as Parquet, atomically."""
    told = {FOLDS: json.dumps({kind: plan.fold_names(kind) for kind in plan.folds})}
    write_parquet(path, rows.table.replace_schema_metadata(told), encrypted=encrypted)


def _read(
    row: RowPlan, plan: ProfilesPlan, tables: Mapping[str, Table], rename: Callable[[str], str]
) -> Rows:
    found = read_file(row.path)
    n = found.num_rows
    keep, dropped = np.ones(n, bool), {}
    columns: dict[str, npt.NDArray[np.generic] | list[str]] = {}
    for name in TABLES:
        which = name.removesuffix("s")
        column = getattr(row, which)
        ids = text_of(found, column, path=row.path) if column else [""] * n
        if which == "profile":
            ids = [rename(one) for one in ids]
        at = {one: number for number, one in enumerate(tables[name].ids)} if column else {}
        places = np.array([at.get(one, -1) for one in ids], np.int32)
        if column:
            _leave(keep, places < 0, f"{UNKNOWN}_{which}", dropped)
        columns |= {which: places, f"{which}_id": ids}
    labels = {name: numbers_of(found, column, path=row.path).copy() for name, column in row.labels.items()}
    _leave(keep, np.all([np.isnan(values) for values in labels.values()], axis=0), UNLABELLED, dropped)
    _leave(keep, _repeats(columns, labels, keep, row), REPEATED, dropped)
    columns |= {f"{LABEL}{name}": values.astype(np.float32) for name, values in labels.items()}
    for kind, parts in plan.folds.items():
        words = [_part(part, columns, found, tables, row) for part in parts]
        groups = [group_of(one) if all(one) else "" for one in zip(*words, strict=True)]
        _leave(keep, np.array([not one for one in groups]), f"{UNGROUPED}_{kind}", dropped)
        folds = {one: fold_of(one, folds=plan.fold_count, key=plan.key) for one in set(groups)}
        columns[f"{FOLD}{kind}"] = np.array([folds[one] for one in groups], np.int32)
        if kind in plan.given:
            _give(
                columns[f"{FOLD}{kind}"], text_of(found, plan.given[kind].column, path=row.path), kind, plan
            )
        columns[f"{GROUP}{kind}"] = groups
    if not keep.any():
        reasons = ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in dropped.items())
        raise InputError(
            f"{row.path}: none of {n:,} rows can be used ({reasons}); see that ids and labels are those of "
            "the tables"
        )
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    return Rows(table.filter(pa.array(keep)), {name: count for name, count in dropped.items() if count})


def _give(folds: npt.NDArray[np.int32], cells: list[str], kind: str, plan: ProfilesPlan) -> None:
    """Set the folds of the rows whose fold the column names."""
    for number, value in enumerate(plan.given[kind].values, start=plan.fold_count):
        folds[np.array(cells) == value] = number


def check_folds(rows: Mapping[str, Rows], plan: ProfilesPlan) -> None:
    """Refuse given folds that tear a group apart.

    Raises
    ------
    InputError
        With the group and two of its folds.
    """
    for kind in plan.given:
        first: dict[str, int] = {}
        names = plan.fold_names(kind)
        for sample, found in rows.items():
            pairs = (found.table[f"{start}{kind}"].to_pylist() for start in (GROUP, FOLD))
            for group, fold in zip(*pairs, strict=True):
                if first.setdefault(group, fold) != fold:
                    raise InputError(
                        f"given.{kind}: '{group}' of sample '{sample}' lies in fold {names[fold]} by one row "
                        f"and in {names[first[group]]} by another; want one fold for all rows of a group"
                    )


def _leave(keep: Mask, out: Mask, reason: str, dropped: dict[str, int]) -> None:
    """Leave rows out, counting those that no other reason has left out before."""
    dropped[reason] = int((keep & out).sum())
    keep &= ~out


def _repeats(
    columns: Mapping[str, npt.NDArray[np.generic] | list[str]],
    labels: Mapping[str, npt.NDArray[np.float64]],
    keep: Mask,
    row: RowPlan,
) -> Mask:
    """Say which rows repeat an earlier one; where means are wanted, the earlier one gets those of all."""
    alike: dict[tuple[int, int], list[int]] = {}
    pairs = list(zip(columns["profile"], columns["molecule"], strict=True))
    for number in np.flatnonzero(keep).tolist():
        alike.setdefault((int(pairs[number][0]), int(pairs[number][1])), []).append(number)
    repeated = np.zeros(len(keep), bool)
    for numbers in alike.values():
        if len(numbers) == 1:
            continue
        repeated[numbers[1:]] = True
        for name, values in labels.items():
            found = values[numbers]
            if row.repeats == "mean":
                there = found[~np.isnan(found)]
                values[numbers[0]] = there.mean() if len(there) else np.nan
            elif not all(np.array_equal(found[:1], one, equal_nan=True) for one in found[1:, None]):
                raise _disagreement(columns, name, values, numbers, row)
    return repeated


def _disagreement(
    columns: Mapping[str, npt.NDArray[np.generic] | list[str]],
    name: str,
    values: npt.NDArray[np.float64],
    numbers: list[int],
    row: RowPlan,
) -> InputError:
    first = numbers[0]
    other = next(one for one in numbers if not np.array_equal(values[[first]], values[[one]], equal_nan=True))
    who = " and ".join(filter(None, (str(columns[key][other]) for key in ("profile_id", "molecule_id"))))
    return InputError(
        f"{row.path}: rows {first + 1} and {other + 1} are both about {who}, but '{name}' is "
        f"{values[first]:g} and {values[other]:g}; keep one, or ask for 'repeats: mean'"
    )


def _part(
    part: str,
    columns: Mapping[str, npt.NDArray[np.generic] | list[str]],
    found: pa.Table,
    tables: Mapping[str, Table],
    row: RowPlan,
) -> list[str]:
    """Give one part of the group of each row."""
    which, _, name = part.partition(".")
    if which == "row":
        return text_of(found, name, path=row.path)
    if not name:
        return list(columns[f"{which}_id"])
    words = tables[f"{which}s"].texts[name]
    return [words[at] if at >= 0 else "" for at in columns[which]]


def fold_names(rows: pa.Table) -> dict[str, list[str]]:
    """Give the contigs that the folds of written rows are, by kind and number."""
    told = json.loads(rows.schema.metadata[FOLDS])
    return {kind: [f"{kind}_{name}" for name in names] for kind, names in told.items()}


def read_written(path: str | os.PathLike[str]) -> pa.Table:
    """Read rows that `write_rows` wrote.

    Raises
    ------
    InputError
        When it is no such file.
    """
    found = read_parquet(path, "a table of rows")
    if FOLDS not in (found.schema.metadata or {}):
        raise InputError(f"{path}: found another Parquet file, wanted rows that seqmill profiles wrote")
    return found

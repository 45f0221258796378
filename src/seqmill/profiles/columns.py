"""Blocks, words and rows out of tables with a header."""

import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from seqmill.errors import InputError, nearest
from seqmill.genome.lines import table_lines
from seqmill.profiles.paths import files_of
from seqmill.profiles.plan import BlockPlan, TextPlan
from seqmill.profiles.sources import TableOptions
from seqmill.profiles.table import Block, Found

PARQUET = (".parquet", ".pq")


FILE, ROW = "@file", "@row"
"""Columns that every table has: the name of its file without endings, and that with the row's number."""


def read_file(path: str, *, comments: bool = False) -> pa.Table:
    """Read Parquet, or text separated by tabs or, in a ``.csv``, commas; it may be compressed.

    Where a pattern names several files, their rows follow one another. Two columns are added: `FILE` and
    `ROW`, such as ``part_1`` and ``part_1:17``, with rows counted from 1 in each file.

    Parameters
    ----------
    path : str
        The file, or a pattern.
    comments : bool
        Whether lines that begin with ``#`` may stand before the header of a text.

    Raises
    ------
    InputError
        When it cannot be read, or the files have different columns.
    """
    tables = [_named(_read(one, comments=comments), one) for one in files_of(path)]
    for table, one in zip(tables, files_of(path), strict=True):
        if set(table.schema.names) != set(tables[0].schema.names):
            other = sorted(set(table.schema.names) ^ set(tables[0].schema.names))
            raise InputError(
                f"{one}: column '{other[0]}' stands in some files of {path} and not in others; want the same "
                "columns in all"
            )
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowInvalid as error:
        raise InputError(f"{path}: the files hold columns of different types ({error})") from None


def _read(path: str, *, comments: bool) -> pa.Table:
    try:
        if Path(path).suffix in PARQUET:
            return pq.read_table(path)
        comma = Path(path.removesuffix(".gz")).suffix == ".csv"
        parsing = pyarrow.csv.ParseOptions(delimiter="," if comma else "\t")
        skipped = _comments(path) if comments else 0
        reading = pyarrow.csv.ReadOptions(skip_rows=skipped)
        return pyarrow.csv.read_csv(path, read_options=reading, parse_options=parsing)
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"{path}: a table with a header wanted, but it cannot be read ({error})") from None


def _comments(path: str) -> int:
    """Count the lines before the header that begin with ``#``."""
    first = next(table_lines(path), None)
    return first[0] - 1 if first else 0


def _named(table: pa.Table, path: str) -> pa.Table:
    name = Path(path).name.partition(".")[0]
    rows = [f"{name}:{row}" for row in range(1, table.num_rows + 1)]
    table = table.append_column(FILE, pa.repeat(name, table.num_rows))
    return table.append_column(ROW, pa.array(rows, pa.string()))


def text_of(table: pa.Table, column: str, *, path: str) -> list[str]:
    """Give a column as text; what is missing is empty.

    Raises
    ------
    InputError
        When there is no such column.
    """
    if column not in table.schema.names:
        raise _unknown(path, column, table)
    return pc.fill_null(table[column].cast(pa.string()), "").to_pylist()


def numbers_of(table: pa.Table, column: str, *, path: str) -> npt.NDArray[np.float64]:
    """Give a column as numbers, float64 [n]; what is missing is nan.

    Raises
    ------
    InputError
        When there is no such column, or a cell is no finite number.
    """
    if column not in table.schema.names:
        raise _unknown(path, column, table)
    try:
        values = table[column].cast(pa.float64())
    except pa.ArrowInvalid as error:
        raise InputError(f"{path}: column '{column}' holds something else than numbers ({error})") from None
    found = pc.fill_null(values, np.nan).to_numpy()
    if np.isinf(found).any():
        row = int(np.flatnonzero(np.isinf(found))[0])
        raise InputError(f"{path}: '{column}', row {row + 1}: found {found[row]}, want a finite number")
    return found


def ids_of(table: pa.Table, column: str, *, path: str) -> list[str]:
    """Give the names of the rows.

    Raises
    ------
    InputError
        When one is empty or stands twice.
    """
    ids = text_of(table, column, path=path)
    if "" in ids:
        raise InputError(f"{path}: column '{column}' is empty in row {ids.index('') + 1}; name each row")
    if len(set(ids)) < len(ids):
        seen: set[str] = set()
        twice = next(one for one in ids if one in seen or seen.add(one))
        raise InputError(f"{path}: '{twice}' stands in {ids.count(twice)} rows of '{column}'; keep one")
    return ids


def cells_of(plan: BlockPlan | TextPlan, column: str, wanted: str) -> dict[str, str]:
    """Give a column of text by the names of the rows; what is missing is empty.

    A name may stand several times when its text is the same: rows about a molecule may each tell its SMILES.

    Raises
    ------
    InputError
        When the file cannot be read, a name is empty, or has several texts.
    """
    table = read_file(plan.path)
    names = text_of(table, column, path=plan.path)
    if "" in names:
        raise InputError(
            f"{plan.path}: column '{column}' is empty in row {names.index('') + 1}; name each row"
        )
    cells: dict[str, str] = {}
    for name, cell in zip(names, text_of(table, wanted, path=plan.path), strict=True):
        earlier = cells.setdefault(name, cell)
        if earlier != cell:
            raise InputError(
                f"{plan.path}: '{name}' stands in several rows, whose '{wanted}' is {earlier!r} and "
                f"{cell!r}; keep one"
            )
    return cells


def read_columns(plan: BlockPlan, column: str, options: TableOptions) -> Found:
    """Read the columns of a table as features; empty cells and nan are missing, for ``int8`` also -1.

    Raises
    ------
    InputError
        When it cannot be read, ids are not unique, or values do not fit the type.
    """
    table = read_file(plan.path)
    ids = ids_of(table, column, path=plan.path)
    offered = [name for name in table.schema.names if name not in (column, FILE, ROW)]
    names = [name for name in offered if re.search(options.columns, name)]
    if not names:
        raise InputError(f"{plan.path}: no column fits {options.columns!r}; name those of the features")
    values = np.stack([numbers_of(table, name, path=plan.path) for name in names], axis=1)
    mask = ~np.isnan(values)
    if plan.dtype == "int8":
        mask &= values != -1
    return Found(ids, Block(tuple(names), _typed(values, mask, names, plan), mask))


def unchanged(cell: str, where: str) -> str:
    """Give a cell as it stands."""
    return cell


def _typed(
    values: npt.NDArray[np.float64], mask: npt.NDArray[np.bool_], names: list[str], plan: BlockPlan
) -> npt.NDArray[np.generic]:
    filled = np.where(mask, values, 0)
    if plan.dtype == "float32":
        return filled.astype(np.float32)
    if plan.dtype == "uint8" and not mask.all():
        row, at = np.argwhere(~mask)[0]
        raise InputError(f"{plan.path}: '{names[at]}' is missing in row {row + 1}; want float32, or a value")
    typed = filled.astype(plan.dtype)
    if (typed != filled).any():
        row, at = np.argwhere(typed != filled)[0]
        raise InputError(
            f"{plan.path}: '{names[at]}', row {row + 1}: found {filled[row, at]:g}, which is no {plan.dtype}"
        )
    return typed


def _unknown(path: str, column: str, table: pa.Table) -> InputError:
    names = table.schema.names
    shown = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
    return InputError(f"{path}: no column '{column}'{nearest(column, names)}; it has: {shown}")

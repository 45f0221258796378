"""Read a tab-separated sheet and name every mistake in it by line and column."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seqmill.errors import nearest
from seqmill.plan.schema import schema_problems

Row = dict[str, str]


def read_sheet(path: Path, schema: Mapping[str, Any]) -> tuple[dict[int, Row], list[str]]:
    """Read a sheet; lines that are empty or begin with ``#`` are skipped.

    Parameters
    ----------
    path : Path
        Tab-separated file with a header line.
    schema : mapping
        ``required`` lists the columns that must be there, ``x-filled`` those whose cells must not be
        empty, ``properties`` what a cell may hold, ``x-open`` whether there may be further columns.

    Returns
    -------
    rows : dict
        Line number (from 1) -> the row's non-empty cells by column.
    problems : list of str
        One sentence for each mistake; rows are empty when the header is already wrong.
    """
    if not path.is_file():
        return {}, [f"{path}: no such file"]
    lines = [
        (number, line.rstrip("\r\n").split("\t"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
    if not lines:
        return {}, [f"{path}: the sheet is empty, wanted the columns {', '.join(schema['required'])}"]
    (_, header), body = lines[0], lines[1:]
    problems = [f"{path}: {problem}" for problem in _header_problems(header, schema)]
    if problems:
        return {}, problems
    if not body:
        return {}, [f"{path}: the sheet has no rows below its header"]
    rows: dict[int, Row] = {}
    for number, cells in body:
        if len(cells) > len(header):
            problems.append(f"{path}, line {number}: {len(cells)} cells, wanted {len(header)}")
            continue
        rows[number] = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
        problems += [f"{path}, line {number}: {problem}" for problem in _row_problems(rows[number], schema)]
    return rows, problems


def _header_problems(header: list[str], schema: Mapping[str, Any]) -> list[str]:
    known = schema["properties"]
    problems = [f"column '{name}' is there twice" for name in sorted(set(header)) if header.count(name) > 1]
    problems += [
        f"unknown column '{name}'{nearest(name, known)}, wanted one of: {', '.join(known)}"
        for name in dict.fromkeys(header)
        if name not in known and not schema.get("x-open")
    ]
    return problems + [f"column '{name}' is missing" for name in schema["required"] if name not in header]


def _row_problems(row: Row, schema: Mapping[str, Any]) -> list[str]:
    empty = [f"column '{name}' is empty" for name in schema["x-filled"] if name not in row]
    cells_only = {key: value for key, value in schema.items() if key != "required"}
    known = {name: cell for name, cell in row.items() if name in schema["properties"]}
    return empty + schema_problems(known, cells_only)

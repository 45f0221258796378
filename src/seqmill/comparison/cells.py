"""The cells of an evaluation, such as ``clean.10x.snp``: their order and their groups."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby


def in_order(cells: Iterable[str]) -> list[str]:
    """Sort cells by their last part, then the first, then the rest; numbers inside count as numbers."""
    return sorted(cells, key=lambda cell: (group_of(cell), [_natural(part) for part in cell.split(".")]))


def group_of(cell: str) -> str:
    """Give the heading a cell stands under: its last part and, with three or more, its first."""
    parts = cell.split(".")
    return f"{parts[-1]} · {parts[0]}" if len(parts) > 2 else parts[-1]


def leaf_of(cell: str) -> str:
    """Give what tells a cell from the others of its group."""
    parts = cell.split(".")
    if len(parts) > 2:
        return " ".join(parts[1:-1])
    return parts[0] if len(parts) == 2 else "all"


def grouped(cells: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Give (heading, cells) for cells that are `in_order`."""
    return [(heading, list(inside)) for heading, inside in groupby(cells, key=group_of)]


def _natural(text: str) -> list[tuple[bool, int, str]]:
    pieces = re.findall(r"\d+|\D+", text)
    return [(not piece.isdigit(), int(piece) if piece.isdigit() else 0, piece) for piece in pieces]

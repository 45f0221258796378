"""The cells of an evaluation, such as ``clean.10x.snp``: their order and their groups."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby


def in_order(cells: Mapping[str, int]) -> list[str]:
    """Sort cells by their last part, the one with most items first, then the first part, then the rest.

    Parameters
    ----------
    cells : mapping
        Cell -> items in it. Numbers inside a name count as numbers: ``5x`` stands before ``10x``.
    """
    sizes: dict[str, int] = {}
    for cell, items in cells.items():
        sizes[_last(cell)] = sizes.get(_last(cell), 0) + items
    return sorted(
        cells,
        key=lambda cell: (-sizes[_last(cell)], group_of(cell), [_natural(part) for part in cell.split(".")]),
    )


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


def in_words(cells: Sequence[str]) -> str:
    """Name cells that are `in_order` in few words: ``snp clean 10x, 15x; indel noisy 10x``."""
    named = [
        (heading.replace(" · ", " "), [leaf_of(cell) for cell in inside])
        for heading, inside in grouped(cells)
    ]
    return "; ".join(
        heading if leaves == ["all"] else f"{heading} {', '.join(leaves)}" for heading, leaves in named
    )


def _last(cell: str) -> str:
    return cell.split(".")[-1]


def _natural(text: str) -> list[tuple[bool, int, str]]:
    pieces = re.findall(r"\d+|\D+", text)
    return [(not piece.isdigit(), int(piece) if piece.isdigit() else 0, piece) for piece in pieces]

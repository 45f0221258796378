"""Optional fields of decoded reads, such as the base modifications in MM and ML."""

import numpy as np
from numba import njit

from seqmill.errors import InputError
from seqmill.reads.records import find_tag_between
from seqmill.reads.table import ReadColumns
from seqmill.reads.words import int32_at

_ELEMENTS = {"c": "<i1", "C": "<u1", "s": "<i2", "S": "<u2", "i": "<i4", "I": "<u4", "f": "<f4"}


def find_tag(columns: ReadColumns, row: int, tag: bytes) -> int:
    """Give where in the buffer a read's tag has its type, one byte before its value, or -1 without the tag.

    The whole value lies inside the record. Compiled kernels call `find_tag_between` for the same.

    Parameters
    ----------
    columns : ReadColumns
        The reads.
    row : int
        Which of them.
    tag : bytes
        Its two characters.

    Raises
    ------
    InputError
        When the tags of the read are damaged.
    """
    begin = int(columns.qualities_at[row]) + int(columns.length[row])
    found = find_tag_between(columns.buffer, begin, begin + int(columns.tags_length[row]), tag[0], tag[1])
    if found == -2:
        name_at = int(columns.name_at[row])
        name = columns.buffer[name_at : name_at + int(columns.name_length[row])].tobytes().decode("latin-1")
        raise InputError(f"read '{name}': found damaged tags, wanted BAM tags; copy the alignments again")
    return int(found)


def tag_text(columns: ReadColumns, row: int, tag: bytes) -> str | None:
    """Give the text of a read's tag of type Z or H, such as MM; None without it."""
    at = find_tag(columns, row, tag)
    if at < 0 or chr(columns.buffer[at]) not in "ZH":
        return None
    end = at + 1
    while columns.buffer[end]:
        end += 1
    return columns.buffer[at + 1 : end].tobytes().decode("latin-1")


def tag_array(columns: ReadColumns, row: int, tag: bytes) -> np.ndarray | None:
    """Give the array of a read's tag of type B, such as ML, as a view of the buffer; None without it."""
    at = find_tag(columns, row, tag)
    if at < 0 or chr(columns.buffer[at]) != "B":
        return None
    kind = np.dtype(_ELEMENTS[chr(columns.buffer[at + 1])])
    count = int32_at(columns.buffer, at + 2)
    return columns.buffer[at + 6 : at + 6 + count * kind.itemsize].view(kind)


@njit(cache=True, nogil=True)
def integer_at(buffer: np.ndarray, at: int, otherwise: int) -> int:
    """Give the value of a tag that `find_tag_between` found, `otherwise` where its type is no integer."""
    kind = buffer[at]
    if kind == 67:  # C
        return np.int64(buffer[at + 1])
    if kind == 99:  # c
        return np.int64(np.int8(buffer[at + 1]))
    if kind == 83:  # S
        return np.int64(buffer[at + 1]) | np.int64(buffer[at + 2]) << 8
    if kind == 115:  # s
        return np.int64(buffer[at + 1]) | np.int64(np.int8(buffer[at + 2])) << 8
    if kind == 73:  # I
        return int32_at(buffer, at + 1) & 0xFFFFFFFF
    if kind == 105:  # i
        return int32_at(buffer, at + 1)
    return np.int64(otherwise)

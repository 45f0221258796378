"""Records of a BAM with other names and without tags that could name a person, as compiled code."""

import numpy as np
from numba import njit

from seqmill.reads.records import behind_tag
from seqmill.reads.siphash import siphash
from seqmill.reads.words import int32_at

NAME_BYTES = 20
"""Hexadecimal digits of a name: 80 bits, of which two in a thousand million pairs meet with 4e-7."""

_FIXED = 36  # bytes of a record before its name, its size included
_SMALLEST = _FIXED + 1
_DIGITS = np.frombuffer(b"0123456789abcdef", np.uint8)
TEXT_TAGS = np.frombuffer(b"MDMCSAXAXMXRXGYDMMMmcsCBUBRX", np.uint8).reshape(-1, 2)
"""Tags of text that are kept: alignments, modified and converted bases, barcodes of cells and molecules."""


def room(size: int, longest: int) -> int:
    """Give how many bytes may come of `size` bytes of records, with read groups of at most `longest`."""
    return size + (size // _SMALLEST + 1) * (NAME_BYTES + len("RG:Z") + longest)


@njit(cache=True, nogil=True)
def rename_records(
    source: np.ndarray,
    size: int,
    out: np.ndarray,
    key: np.ndarray,
    groups: np.ndarray,
    group_ends: np.ndarray,
    new_groups: np.ndarray,
    new_ends: np.ndarray,
) -> tuple[int, int, bool]:
    """Rewrite the whole records in a buffer.

    Parameters
    ----------
    source : np.ndarray, uint8
        Inflated BAM records (SAM specification 4.2); the last may be cut.
    size : int
        How many of its bytes count.
    out : np.ndarray, uint8
        Takes the records; as long as `room` says.
    key : np.ndarray, uint64, shape (2,)
        Key of the hash that names become.
    groups, new_groups : np.ndarray, uint8
        Read groups one behind the other, and what they become; the last of the new ones is for records of
        none.
    group_ends, new_ends : np.ndarray, int64
        Where each ends.

    Returns
    -------
    tuple
        Bytes used, bytes written, and whether the next record is damaged.
    """
    at, to = 0, 0
    while at + 4 <= size:
        behind = at + 4 + int32_at(source, at)
        if behind < at + _FIXED:
            return at, to, True
        if behind > size:
            break
        name_length = np.int64(source[at + 12])
        operations, bases = int32_at(source, at + 16) & 0xFFFF, int32_at(source, at + 20)
        tags = at + _FIXED + name_length + 4 * operations + (bases + 1) // 2 + bases
        if name_length < 1 or bases < 0 or tags > behind:
            return at, to, True
        begin = to
        out[to : to + _FIXED] = source[at : at + _FIXED]
        out[to + 12] = NAME_BYTES + 1
        to = _write_name(source, at + _FIXED, name_length - 1, key, out, to + _FIXED)
        for k in range(at + _FIXED + name_length, tags):
            out[to] = source[k]
            to += 1
        group = len(group_ends)
        while tags < behind:
            following = behind_tag(source, tags, behind) if tags + 3 <= behind else -1
            if following < 0:
                return at, begin, True
            if source[tags] == 82 and source[tags + 1] == 71:  # RG
                group = _group(source, tags + 3, following - 1, groups, group_ends)
            elif _is_kept(source, tags):
                for k in range(tags, following):
                    out[to] = source[k]
                    to += 1
            tags = following
        to = _write_group(min(group, len(new_ends) - 1), new_groups, new_ends, out, to)
        length = to - begin - 4
        for k in range(4):
            out[begin + k] = (length >> (8 * k)) & 0xFF
        at = behind
    return at, to, False


@njit(cache=True, nogil=True, inline="always")
def _is_kept(source: np.ndarray, at: int) -> bool:
    """Say whether a tag is no text, or one of `TEXT_TAGS`."""
    if source[at + 2] != 90 and source[at + 2] != 72:  # Z H
        return True
    for row in range(len(TEXT_TAGS)):
        if source[at] == TEXT_TAGS[row, 0] and source[at + 1] == TEXT_TAGS[row, 1]:
            return True
    return False


@njit(cache=True, nogil=True)
def _write_name(source: np.ndarray, at: int, length: int, key: np.ndarray, out: np.ndarray, to: int) -> int:
    halves = siphash(source, at, length, key)
    for digit in range(NAME_BYTES):
        shift = np.uint64(60 - 4 * (digit & 15))
        out[to + digit] = _DIGITS[np.int64((halves[digit >> 4] >> shift) & np.uint64(15))]
    out[to + NAME_BYTES] = 0
    return to + NAME_BYTES + 1


@njit(cache=True, nogil=True)
def _group(source: np.ndarray, at: int, end: int, groups: np.ndarray, ends: np.ndarray) -> int:
    """Give the number of the read group whose name lies between two bytes; one more than the last: none."""
    begin = 0
    for number in range(len(ends)):
        size = ends[number] - begin
        if size == end - at:
            same = True
            for k in range(size):
                same &= source[at + k] == groups[begin + k]
            if same:
                return number
        begin = ends[number]
    return len(ends)


@njit(cache=True, nogil=True)
def _write_group(number: int, groups: np.ndarray, ends: np.ndarray, out: np.ndarray, to: int) -> int:
    begin = ends[number - 1] if number else 0
    out[to], out[to + 1], out[to + 2] = 82, 71, 90  # RG:Z
    to += 3
    for k in range(begin, ends[number]):
        out[to] = groups[k]
        to += 1
    out[to] = 0
    return to + 1

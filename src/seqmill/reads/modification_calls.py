"""The kernel behind `modified_sites`: reads MM and ML where they lie, and puts calls on the reference."""

import numpy as np
from numba import njit

from seqmill.reads.records import find_tag_between
from seqmill.reads.table import ReadColumns
from seqmill.reads.tags import integer_at
from seqmill.reads.words import int32_at

FATES = ("used", "without_tag", "without_probabilities", "length_differs", "hard_clipped", "malformed")
"""What becomes of reads: used; no tag MM; MM that lists bases but no ML of one byte each; as many bases as MN
does not say; hard clips and no MN to tell whether MM knows of them; MM or ML against the specification."""

_USED, _NO_TAG, _NO_ML, _LENGTH, _CLIPPED, _MALFORMED = range(6)

_NOTHING, _UNLISTED = -1, 256  # what is known of a base, beside a quality of 0 to 255
_READ = 0b110010011  # the operations M I S = X
_REFERENCE = 0b110001101  # the operations M D N = X
_ALIGNED = 0b110000001  # the operations M = X
_HARD_CLIP = 5
_REVERSE = 0x10


@njit(cache=True, nogil=True)
def add_calls(
    columns: ReadColumns, mark: tuple[int, int, int], begin: int, sums: np.ndarray, fate: np.ndarray
) -> None:
    """Add the calls of one modification to the sums of a window.

    Parameters
    ----------
    columns : ReadColumns
        The reads.
    mark : (int, int, int)
        The modification's letter as ASCII, or 0; its ChEBI number; the quality from which a call counts as
        modified.
    begin : int
        Where the window begins.
    sums : np.ndarray, int64, shape (3, 2, size)
        Coverage, modified and probability by strand; added to.
    fate : np.ndarray, int64, shape (n,)
        Place in `FATES` of each read; filled in.
    """
    longest = 0
    for row in range(len(fate)):
        longest = max(longest, columns.length[row])
    calls = np.empty((2, longest), np.int16)
    for row in range(len(fate)):
        calls[:, : columns.length[row]] = _NOTHING
        fate[row] = _read_calls(columns, row, mark, calls)
        if fate[row] == _USED:
            _place(columns, row, mark[2], calls, begin, sums)


@njit(cache=True, nogil=True)
def _read_calls(columns: ReadColumns, row: int, mark: tuple[int, int, int], calls: np.ndarray) -> int:
    """Fill in what a read knows of its bases, by strand (its own first); gives its fate."""
    buffer, length = columns.buffer, columns.length[row]
    tags = columns.qualities_at[row] + length
    behind = tags + columns.tags_length[row]
    text = _find(buffer, tags, behind, 77, 77, 109)  # MM, Mm
    if text == -2:
        return _MALFORMED
    if text < 0 or buffer[text] != 90:
        return _NO_TAG
    said = find_tag_between(buffer, tags, behind, 77, 78)  # MN
    if said >= 0:
        if integer_at(buffer, said, -1) != length:
            return _LENGTH
    elif _is_hard_clipped(columns, row):
        return _CLIPPED
    quality = _find(buffer, tags, behind, 77, 76, 108)  # ML, Ml
    qualities, count = np.int64(0), np.int64(0)
    if quality >= 0 and buffer[quality] == 66 and buffer[quality + 1] == 67:
        qualities, count = quality + 6, int32_at(buffer, quality + 2)
    at, used = text + 1, 0
    while buffer[at]:
        at, used, status = _read_entry(columns, row, mark, calls, (at, used), (qualities, count))
        if status != _USED:
            return status
    return _USED if used == count else _MALFORMED


@njit(cache=True, nogil=True)
def _read_entry(
    columns: ReadColumns,
    row: int,
    mark: tuple[int, int, int],
    calls: np.ndarray,
    places: tuple[int, int],
    probabilities: tuple[int, int],
) -> tuple[int, int, int]:
    """Read one entry of MM, such as ``C+mh?,5,12;``; gives the places behind it in MM and ML, and a fate."""
    buffer, length = columns.buffer, columns.length[row]
    at, used = places
    qualities, count = probabilities
    base = buffer[at]
    if base == 0 or (buffer[at + 1] != 43 and buffer[at + 1] != 45):
        return at, used, _MALFORMED
    own = 0 if buffer[at + 1] == 43 else 1
    at += 2
    codes, ours = 0, -1
    if 48 <= buffer[at] <= 57:
        at, number = _number(buffer, at)
        codes, ours = 1, 0 if number == mark[1] else -1
    else:
        while 97 <= buffer[at] <= 122 or 65 <= buffer[at] <= 90:
            if buffer[at] == mark[0]:
                ours = codes
            codes += 1
            at += 1
    if codes == 0:
        return at, used, _MALFORMED
    unlisted = _UNLISTED
    if buffer[at] == 63 or buffer[at] == 46:  # ? .
        unlisted = _NOTHING if buffer[at] == 63 else _UNLISTED
        at += 1
    back = (columns.flag[row] & _REVERSE) != 0
    wanted = _nibble(base, back)
    if wanted < 0:
        return at, used, _MALFORMED
    place = 0
    while buffer[at] == 44:
        if not 48 <= buffer[at + 1] <= 57:
            return at, used, _MALFORMED
        at, skipped = _number(buffer, at + 1)
        if count == 0:
            return at, used, _NO_ML
        if used + codes > count:
            return at, used, _MALFORMED
        if ours >= 0:
            place, on = _next_base(columns, row, wanted, place, skipped, calls[own], unlisted)
            if on < 0:
                return at, used, _MALFORMED
            calls[own, on] = buffer[qualities + used + ours]
        used += codes
    if buffer[at] != 59:
        return at, used, _MALFORMED
    if ours >= 0 and unlisted == _UNLISTED:
        _next_base(columns, row, wanted, place, length, calls[own], unlisted)
    return at + 1, used, _USED


@njit(cache=True, nogil=True)
def _next_base(
    columns: ReadColumns, row: int, wanted: int, place: int, skipped: int, calls: np.ndarray, unlisted: int
) -> tuple[int, int]:
    """Go, as the read was sequenced, over `skipped` bases of a kind, which get `unlisted`, to the next one.

    Gives the bases gone over in all, and where the one found lies among the stored bases, or -1.
    """
    length, back = columns.length[row], (columns.flag[row] & _REVERSE) != 0
    while place < length:
        on = length - 1 - place if back else place
        place += 1
        packed = columns.buffer[columns.bases_at[row] + (on >> 1)]
        if wanted != 15 and (packed & 15 if on & 1 else packed >> 4) != wanted:
            continue
        if skipped == 0:
            return place, on
        skipped -= 1
        if unlisted == _UNLISTED:
            calls[on] = _UNLISTED
    return place, -1


@njit(cache=True, nogil=True)
def _place(columns: ReadColumns, row: int, cut: int, calls: np.ndarray, begin: int, sums: np.ndarray) -> None:
    """Add what a read knows of its aligned bases to the sums of a window."""
    size = sums.shape[2]
    reverse = 1 if columns.flag[row] & _REVERSE else 0
    position, on = np.int64(columns.start[row]) - begin, np.int64(0)
    for k in range(columns.cigar_length[row]):
        word = int32_at(columns.buffer, columns.cigar_at[row] + 4 * k) & 0xFFFFFFFF
        length, operation = word >> 4, word & 15
        if _ALIGNED >> operation & 1:
            for j in range(max(0, -position), min(length, size - position)):
                for own in range(2):
                    call = calls[own, on + j]
                    if call == _NOTHING:
                        continue
                    strand, at = reverse ^ own, position + j
                    sums[0, strand, at] += 1
                    if call != _UNLISTED:
                        sums[1, strand, at] += call >= cut
                        sums[2, strand, at] += 2 * call + 1
        on += length * (_READ >> operation & 1)
        position += length * (_REFERENCE >> operation & 1)


@njit(cache=True, nogil=True)
def _find(buffer: np.ndarray, at: int, end: int, first: int, second: int, small: int) -> int:
    """Find a tag by its name, or by the one it had before its second character was made a capital."""
    found = find_tag_between(buffer, at, end, first, second)
    return found if found != -1 else find_tag_between(buffer, at, end, first, small)


@njit(cache=True, nogil=True)
def _number(buffer: np.ndarray, at: int) -> tuple[int, int]:
    """Read decimal digits; gives the place behind them and the number, a billion at most."""
    number = np.int64(0)
    while 48 <= buffer[at] <= 57:
        number = min(10 * number + buffer[at] - 48, 1_000_000_000)
        at += 1
    return at, number


@njit(cache=True, nogil=True)
def _nibble(letter: int, complement: bool) -> int:
    """Give the 4-bit code of a base in MM, 15 for any base, -1 for none."""
    code = -1
    if letter == 65:  # A
        code = 1
    elif letter == 67:  # C
        code = 2
    elif letter == 71:  # G
        code = 4
    elif letter == 84 or letter == 85:  # T U
        code = 8
    elif letter == 78:  # N
        return 15
    if complement and code > 0:
        code = 8 // code
    return code


@njit(cache=True, nogil=True)
def _is_hard_clipped(columns: ReadColumns, row: int) -> bool:
    count, at = columns.cigar_length[row], columns.cigar_at[row]
    return count > 0 and (
        columns.buffer[at] & 15 == _HARD_CLIP or columns.buffer[at + 4 * (count - 1)] & 15 == _HARD_CLIP
    )

"""Pileup rows at two bits a cell: most cells of an example hold one of four bytes, and the rest is listed.

An example is R rows of C cells and P plain bytes. Stored are, one behind the other:

- R, two bytes, the lower first; 0 where the example lies behind them as it is, since that is no longer;
- the four bytes that cells hold most often, the first row left out;
- the C cells of the first row, which is unlike the others;
- the plain bytes of all rows, the first of each row, then the second and so on;
- for each row but the first, C cells at two bits: which of the four it is, four cells a byte, first lowest;
- for each cell that holds none of the four, a byte of how many cells lie between it and the one before (255:
  that many, and go on counting); then as many bytes of what the cells hold, 0 where counting goes on.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

_HEAD, _COMMON, _FAR, _MOST_ROWS, _TABLE = 6, 4, 255, 65_535, 1024

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


def pack_cells(payload: Bytes, payload_at: Places, *, cells: int, plain: int) -> tuple[Bytes, Places]:
    """Pack examples for a column of kind ``cells``.

    Parameters
    ----------
    payload : uint8 array
        Rows of all examples, each `cells` + `plain` bytes.
    payload_at : int64 array [n + 1]
        Where each example begins, and the last one ends.
    cells, plain : int
        Cells of a row, and bytes behind them.

    Returns
    -------
    packed : uint8 array
        The examples as they are stored; equal examples give equal bytes.
    packed_at : int64 array [n + 1]
        Where each begins, and the last one ends.
    """
    room = np.empty(len(payload) + 2 * len(payload_at), np.uint8)
    packed_at = np.zeros(len(payload_at), np.int64)
    _pack_all(payload, payload_at, cells, plain, room, packed_at)
    return room[: packed_at[-1]].copy(), packed_at


@njit(cache=True, nogil=True)
def _pack_all(payload, payload_at, cells, plain, out, out_at):  # type: ignore[no-untyped-def]
    for example in range(len(payload_at) - 1):
        source = payload[payload_at[example] : payload_at[example + 1]]
        begin = out_at[example]
        end = begin + 2 + source.size
        rows = source.size // (cells + plain)
        written = 0
        if 0 < rows <= _MOST_ROWS and rows * (cells + plain) == source.size:
            written = _pack(source, rows, cells, plain, out[begin:end])
        if not written:
            out[begin : begin + 2] = 0
            out[begin + 2 : end] = source
            written = end - begin
        out_at[example + 1] = begin + written


@njit(cache=True, nogil=True)
def _pack(source, rows, cells, plain, out):  # type: ignore[no-untyped-def]
    """Pack one example; gives the bytes written, 0 when they would be more than `out` has."""
    width, quads = cells + plain, -(-cells // 4)
    plain_at = _HEAD + cells
    codes_at = plain_at + rows * plain
    end = codes_at + (rows - 1) * quads
    if end > out.size:
        return 0
    out[0], out[1] = rows & 255, rows >> 8
    common = _most_common(source, rows, cells, width)
    out[2:_HEAD] = common
    out[_HEAD:plain_at] = source[:cells]
    for row in range(rows):
        for place in range(plain):
            out[plain_at + place * rows + row] = source[row * width + cells + place]
    code = np.full(256, _COMMON, np.uint8)
    for rank in range(_COMMON - 1, -1, -1):
        code[common[rank]] = rank
    others, count = np.empty((rows - 1) * cells, np.int64), 0
    line = np.zeros(4 * quads, np.uint8)
    for row in range(1, rows):
        first = row * width
        strange = np.uint8(0)
        for cell in range(np.uint64(cells)):
            line[cell] = code[source[np.uint64(first) + cell]]
            strange |= line[cell]
        if strange & _COMMON:
            for cell in range(cells):
                if line[cell] == _COMMON:
                    others[count], line[cell] = (row - 1) * cells + cell, 0
                    count += 1
        _squeeze(line, out[codes_at + (row - 1) * quads : codes_at + row * quads])
    before, steps = -1, count
    for k in range(count):
        steps += (others[k] - before - 1) // _FAR
        before = others[k]
    if end + 2 * steps > out.size:
        return 0
    before, step = -1, end
    for k in range(count):
        gap = others[k] - before - 1
        while gap >= _FAR:
            out[step], out[step + steps] = _FAR, 0
            gap -= _FAR
            step += 1
        row, cell = others[k] // cells + 1, others[k] % cells
        out[step], out[step + steps] = gap, source[row * width + cell]
        before = others[k]
        step += 1
    return end + 2 * steps


@njit(cache=True, nogil=True)
def _squeeze(line, out):  # type: ignore[no-untyped-def]
    """Put four numbers of two bits into each byte."""
    two = np.uint64(2)
    for quad in range(np.uint64(out.size)):
        at = quad << two
        low = line[at] | line[at + np.uint64(1)] << np.uint8(2)
        out[quad] = low | line[at + two] << np.uint8(4) | line[at + np.uint64(3)] << np.uint8(6)


@njit(cache=True, nogil=True)
def _most_common(source, rows, cells, width):  # type: ignore[no-untyped-def]
    """Give the four most frequent bytes of all cells but the first row's; of equals the smallest."""
    counts = np.zeros((4, 256), np.int32)  # one for each lane, since counting the same byte again waits
    for row in range(1, rows):
        first = np.uint64(row * width)
        for cell in range(np.uint64(cells)):
            counts[cell & np.uint64(3), source[first + cell]] += np.int32(1)
    total = counts[0] + counts[1] + counts[2] + counts[3]
    common = np.empty(_COMMON, np.uint8)
    for rank in range(_COMMON):
        common[rank] = np.argmax(total)
        total[common[rank]] = -1
    return common


@njit(cache=True, nogil=True)
def unpacked_size(packed, cells, plain):  # type: ignore[no-untyped-def]
    """Give the bytes that a packed example has unpacked, -1 when it is not whole."""
    if packed.size < 2:
        return -1
    rows = np.int64(packed[0]) | np.int64(packed[1]) << 8
    if not rows:
        return packed.size - 2
    others = packed.size - (_HEAD + cells + rows * plain + (rows - 1) * -(-cells // 4))
    return rows * (cells + plain) if others >= 0 and not others & 1 else -1


@njit(cache=True, nogil=True)
def unpack_cells(packed, cells, plain, table, out):  # type: ignore[no-untyped-def]
    """Unpack an example that `unpacked_size` calls whole into `out`, which has room for it.

    `table` is `decoding_table()`, for the caller to keep from one example to the next. Gives the bytes
    written.
    """
    rows = np.int64(packed[0]) | np.int64(packed[1]) << 8
    if not rows:
        out[: packed.size - 2] = packed[2:]
        return packed.size - 2
    width, quads = cells + plain, np.uint64(-(-cells // 4))
    plain_at = _HEAD + cells
    codes_at = plain_at + rows * plain
    end = codes_at + (rows - 1) * np.int64(quads)
    _prepare(packed[2:_HEAD], table)
    out[:cells] = packed[_HEAD:plain_at]
    _expand(packed[codes_at:end], table, cells, width, out[width:])
    _interleave(packed[plain_at:codes_at], cells, plain, out)
    steps = (packed.size - end) >> 1
    place, row, limit = -1, width, rows * width
    for step in range(end, end + steps):
        gap = np.int64(packed[step])
        place += gap + (gap < _FAR)
        while place >= cells:
            place -= cells
            row += width
        if row >= limit:
            break
        if gap < _FAR:
            out[row + place] = packed[step + steps]
    return rows * width


@njit(cache=True, nogil=True)
def decoding_table():  # type: ignore[no-untyped-def]
    """Give the table that `unpack_cells` works with: four cells for each byte, then the bytes they are of."""
    return np.zeros(_TABLE + _COMMON, np.uint8)


@njit(cache=True, nogil=True)
def _prepare(common, table):  # type: ignore[no-untyped-def]
    """Fill the table, unless it is of these four bytes already."""
    same = True
    for rank in range(_COMMON):
        same &= common[rank] == table[_TABLE + rank]
    if same:
        return
    table[_TABLE:] = common
    for entry in range(_TABLE):
        table[entry] = common[(entry >> 2) >> (2 * (entry & 3)) & 3]


@njit(cache=True, nogil=True)
def _expand(codes, table, cells, width, out):  # type: ignore[no-untyped-def]
    """Turn codes into cells; four bytes are loaded before four are stored, so that each four are one."""
    whole, rest, line = np.uint64(cells >> 2), np.uint64(cells & 3), np.uint64(width)
    quads = whole + (np.uint64(1) if rest else np.uint64(0))
    two, second, third = np.uint64(2), np.uint64(1), np.uint64(3)
    for row in range(np.uint64(codes.size) // quads):
        source, target = row * quads, row * line
        for quad in range(whole):
            entry, at = np.uint64(codes[source + quad]) << two, target + (quad << two)
            values = table[entry], table[entry + second], table[entry + two], table[entry + third]
            out[at], out[at + second], out[at + two], out[at + third] = values
        for cell in range(rest):
            entry = np.uint64(codes[source + whole]) << two
            out[target + (whole << two) + cell] = table[entry + cell]


@njit(cache=True, nogil=True)
def _interleave(values, cells, plain, out):  # type: ignore[no-untyped-def]
    """Put the plain bytes behind the cells of their rows."""
    if not plain:
        return
    places, first, width = np.uint64(plain), np.uint64(cells), np.uint64(cells + plain)
    rows = np.uint64(values.size) // places
    for row in range(rows):
        for place in range(places):
            out[row * width + first + place] = values[place * rows + row]

"""BAI and CSI indices (SAM specification 5.2; CSIv1): which bytes of a BAM hold the reads of a region."""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numba import njit

from seqmill.errors import InputError
from seqmill.reads.bgzf import BgzfReader
from seqmill.reads.words import int32_at, int64_at

_OK, _CUT, _BAD_COUNT = range(3)
_PROBLEMS = {_CUT: "an index cut short", _BAD_COUNT: "an impossible count"}
_AGAIN = "make it again with samtools index"


class Span(NamedTuple):
    """Bytes of a BGZF file, from one virtual offset to another.

    A virtual offset is the place of a block in the file, shifted left by 16, plus a place in what the block
    inflates to.
    """

    begin: int
    end: int


class BamIndex:
    """A BAI or CSI index in memory; contigs are decoded as they are asked for.

    Parameters
    ----------
    path : path
        The index.

    Raises
    ------
    InputError
        When it is no such index, is cut short, or holds impossible counts.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._data = _content(self.path)
        magic = self._data[:4].tobytes()
        self._is_csi = magic == b"CSI\1"
        if magic not in (b"BAI\1", b"CSI\1"):
            raise self._error(0, f"'{magic.hex(' ')}'", "BAI\\1 or CSI\\1")
        self.min_shift, self.depth, first = 14, 5, 4
        if self._is_csi:
            if len(self._data) < 20:
                raise self._error(len(self._data), _PROBLEMS[_CUT], "a whole one")
            self.min_shift, self.depth, extra = (int32_at(self._data, at) for at in (4, 8, 12))
            if not (0 < self.min_shift < 32 and 0 <= self.depth < 11 and extra >= 0):
                found = f"shift {self.min_shift}, depth {self.depth}, {extra} bytes more"
                raise self._error(4, found, "a shift of 1 to 31 and a depth of 0 to 10")
            first = 16 + extra
        status, at, self._places = _places(self._data, first, self._is_csi)
        if status != _OK:
            raise self._error(at, _PROBLEMS[status], "a whole one")

    @property
    def contigs(self) -> int:
        """How many contigs the index is of."""
        return len(self._places)

    @property
    def longest(self) -> int:
        """Bases of a contig that the index can tell apart."""
        return 1 << (self.min_shift + 3 * self.depth)

    def spans(self, contig: int, start: int, end: int) -> list[Span]:
        """Give the parts of the BAM that hold all reads that overlap a region.

        Parameters
        ----------
        contig : int
            Its number in the header.
        start, end : int
            The region, 0-based half-open.

        Returns
        -------
        list of Span
            Sorted, and no two in one block; they hold other reads too.

        Raises
        ------
        InputError
            When the region ends behind the longest contig that the index can tell apart.
        """
        start = max(start, 0)
        if end > self.longest:
            raise InputError(
                f"{self.path}: found an index of at most {self.longest:,} bases a contig, wanted one that "
                f"reaches {end:,}; make a CSI index with samtools index -c"
            )
        if contig >= self.contigs or start >= end:
            return []
        bins, offsets, chunk_bin, begins, ends, linear = _decode(
            self._data, self._places[contig], self._is_csi
        )
        wanted = np.zeros(len(bins), bool)
        for level in range(self.depth + 1):
            first = ((1 << 3 * level) - 1) // 7
            shift = self.min_shift + 3 * (self.depth - level)
            wanted |= (bins >= first + (start >> shift)) & (bins <= first + ((end - 1) >> shift))
        least = self._least(bins, offsets, linear, start)
        keep = wanted[chunk_bin] & (ends > least)
        if np.any((begins[keep] < 0) | (ends[keep] < begins[keep])):
            raise self._error(int(self._places[contig]), "a chunk that ends before it begins", "sound chunks")
        order = np.lexsort((ends[keep], begins[keep]))
        return _merged(np.maximum(begins[keep][order], least), ends[keep][order])

    def _least(self, bins: np.ndarray, offsets: np.ndarray, linear: np.ndarray, start: int) -> int:
        """Give a virtual offset before which no read reaches `start`."""
        if not self._is_csi:
            return int(linear[min(start >> self.min_shift, len(linear) - 1)]) if len(linear) else 0
        known = dict(zip(bins.tolist(), offsets.tolist(), strict=True))
        number = ((1 << 3 * self.depth) - 1) // 7 + (start >> self.min_shift)
        while number and number not in known:
            parent = (number - 1) >> 3
            number = number - 1 if number > (parent << 3) + 1 else parent
        return int(known.get(number, 0))

    def _error(self, at: int, found: str, wanted: str) -> InputError:
        return InputError(f"{self.path}: byte {at:,}: found {found}, wanted {wanted}; {_AGAIN}")


def find_index(alignments: str | os.PathLike[str]) -> Path:
    """Give the index beside a BAM: ``.bai`` or ``.csi``, added to its name or in place of its suffix.

    Raises
    ------
    InputError
        When there is none.
    """
    path = Path(alignments)
    for suffix in (".bai", ".csi"):
        for place in (path.with_name(path.name + suffix), path.with_suffix(suffix)):
            if place.is_file():
                return place
    raise InputError(
        f"{path}: found no index beside it, wanted {path.name}.bai or {path.name}.csi; "
        "make one with samtools index"
    )


def _content(path: Path) -> np.ndarray:
    """Give the bytes of an index, inflated where it is BGZF."""
    try:
        raw = np.fromfile(path, np.uint8)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); {_AGAIN}") from None
    if raw[:2].tobytes() != b"\x1f\x8b":
        return raw
    pieces, offset = [np.empty(0, np.uint8)], 0
    with BgzfReader(path) as reader:
        while blocks := reader.scan(offset):
            piece = np.empty(blocks.inflated, np.uint8)
            reader.inflate(blocks, piece, 0)
            pieces.append(piece)
            offset = blocks.next_offset
    return np.concatenate(pieces)


def _merged(begins: np.ndarray, ends: np.ndarray) -> list[Span]:
    """Join sorted spans that overlap or share a block."""
    spans: list[Span] = []
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        if spans and begin >> 16 <= spans[-1].end >> 16:
            spans[-1] = Span(spans[-1].begin, max(spans[-1].end, end))
        else:
            spans.append(Span(begin, end))
    return spans


@njit(cache=True, nogil=True)
def _places(data: np.ndarray, at: int, is_csi: bool) -> tuple[int, int, np.ndarray]:
    """Walk the whole index; gives status, the place of trouble, and where each contig begins."""
    none, size = np.empty(0, np.int64), len(data)
    if at + 4 > size:
        return _CUT, at, none
    contigs = int32_at(data, at)
    if contigs < 0 or contigs > size:
        return _BAD_COUNT, at, none
    at += 4
    places = np.empty(contigs, np.int64)
    for contig in range(contigs):
        places[contig] = at
        if at + 4 > size:
            return _CUT, at, none
        bins = int32_at(data, at)
        if bins < 0:
            return _BAD_COUNT, at, none
        at += 4
        for _ in range(bins):
            head = 16 if is_csi else 8
            if at + head > size:
                return _CUT, at, none
            chunks = int32_at(data, at + head - 4)
            if chunks < 0:
                return _BAD_COUNT, at, none
            at += head + 16 * chunks
        if not is_csi:
            if at + 4 > size:
                return _CUT, at, none
            windows = int32_at(data, at)
            if windows < 0:
                return _BAD_COUNT, at, none
            at += 4 + 8 * windows
        if at > size:
            return _CUT, size, none
    return _OK, at, places


@njit(cache=True, nogil=True)
def _decode(
    data: np.ndarray, place: int, is_csi: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Give a contig's bins, their least offsets (CSI), its chunks with the bin each is of, its linear index.

    The place is one that `_places` walked over, so every count lies inside the data.
    """
    head, bins = 16 if is_csi else 8, int32_at(data, place)
    at, total = place + 4, 0
    for _ in range(bins):
        chunks = int32_at(data, at + head - 4)
        total += chunks
        at += head + 16 * chunks
    numbers, offsets = np.empty(bins, np.int64), np.zeros(bins, np.int64)
    chunk_bin = np.empty(total, np.int64)
    begins, ends = np.empty(total, np.int64), np.empty(total, np.int64)
    at, row = place + 4, 0
    for k in range(bins):
        numbers[k] = int32_at(data, at) & 0xFFFFFFFF
        if is_csi:
            offsets[k] = int64_at(data, at + 4)
        chunks = int32_at(data, at + head - 4)
        at += head
        for _ in range(chunks):
            chunk_bin[row] = k
            begins[row] = int64_at(data, at)
            ends[row] = int64_at(data, at + 8)
            row += 1
            at += 16
    windows = 0 if is_csi else int32_at(data, at)
    linear = np.empty(windows, np.int64)
    for k in range(windows):
        linear[k] = int64_at(data, at + 4 + 8 * k)
    return numbers, offsets, chunk_bin, begins, ends, linear

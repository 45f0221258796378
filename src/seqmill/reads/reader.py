"""Regions and windows of an alignment file as columns, each block inflated once."""

import os
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from seqmill.errors import InputError, nearest
from seqmill.reads.records import (
    NEED_ROWS,
    PAST_REGION,
    PROBLEMS,
    carry_records,
    decode_records,
    measure_carried,
)
from seqmill.reads.streams import Source, Stream, open_source
from seqmill.reads.table import EXCLUDED, ReadColumns, Rooms, with_rows

_FIRST_SIZE = 1 << 22


class AlignmentReader:
    """An alignment file with its header, index and file kept open; for one thread at a time.

    Memory that an earlier result used is used again once nobody holds an array of it.

    Parameters
    ----------
    alignments : path
        BAM with a BAI or CSI index beside it, or CRAM with its CRAI; sorted by coordinate.
    reference : path, optional
        FASTA; needed for CRAM.

    Attributes
    ----------
    contigs : dict of str to int
        Contig name -> length, in the order of the header.

    Raises
    ------
    InputError
        When the file is neither BAM nor CRAM, or its header is damaged.
    """

    def __init__(
        self, alignments: str | os.PathLike[str], *, reference: str | os.PathLike[str] | None = None
    ) -> None:
        self._path = os.fspath(alignments)
        self._source: Source = open_source(alignments, reference)
        self._rooms = Rooms(_FIRST_SIZE)
        self.contigs = self._source.contigs

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    def columns(
        self, contig: str, start: int, end: int, *, excluded: int = EXCLUDED, min_mapq: int = 0
    ) -> ReadColumns:
        """Decode the reads that overlap a region.

        A read without aligned bases counts as one base long, as htslib has it.

        Parameters
        ----------
        contig : str
            Name of the contig.
        start, end : int
            The region, 0-based half-open.
        excluded : int
            Reads with any of these SAM flags are left out.
        min_mapq : int
            Reads mapped with less confidence are left out.

        Raises
        ------
        InputError
            When there is no such contig or no index, or the file is truncated, damaged or not sorted.
        """
        under_way = self._start(contig, start, end, excluded=excluded, min_mapq=min_mapq)
        found = under_way.decode(start, end)
        self._rooms.give_back(under_way.room)
        return found

    def windows(
        self,
        contig: str,
        start: int,
        end: int,
        *,
        size: int,
        margin: int,
        excluded: int = EXCLUDED,
        min_mapq: int = 0,
    ) -> Iterator[tuple[int, int, ReadColumns]]:
        """Decode a region window by window; reads that reach into the next window are carried over.

        Memory holds the records of two windows, however long the region.

        Parameters
        ----------
        contig : str
            Name of the contig.
        start, end : int
            The region, 0-based half-open.
        size : int
            Bases of a window; the last may be shorter.
        margin : int
            Bases on either side of a window from which reads are given, too.
        excluded : int
            Reads with any of these SAM flags are left out.
        min_mapq : int
            Reads mapped with less confidence are left out.

        Yields
        ------
        (int, int, ReadColumns)
            Start and end of the window, and what `columns` gives from `margin` before to `margin` behind it.

        Raises
        ------
        InputError
            As `columns` does.
        """
        if size < 1 or margin < 0:
            raise ValueError(f"windows of {size} bases with a margin of {margin}")
        under_way = self._start(contig, start - margin, end + margin, excluded=excluded, min_mapq=min_mapq)
        for begin in range(start, end, size):
            stop = min(begin + size, end)
            if begin > start:
                under_way.carry(begin - margin)
            yield begin, stop, under_way.decode(begin - margin, stop + margin)
        self._rooms.give_back(under_way.room)

    def _start(self, contig: str, start: int, end: int, *, excluded: int, min_mapq: int) -> "_Pass":
        if contig not in self.contigs:
            raise InputError(
                f"{self._path}: found no contig '{contig}'{nearest(contig, self.contigs)}, wanted one of its "
                f"{len(self.contigs)}; name the contigs as its header does"
            )
        stream = self._source.stream(contig, start, end)
        number = list(self.contigs).index(contig)
        return _Pass(self._path, stream, self._rooms, number, (len(self.contigs), excluded, min_mapq))


class _Pass:
    """One pass over a stream of records, in a room that changes from window to window."""

    def __init__(
        self, path: str, stream: Stream, rooms: Rooms, contig: int, limits: tuple[int, int, int]
    ) -> None:
        self._path, self._stream, self._rooms = path, stream, rooms
        self._contig, self._limits = contig, limits
        self.room = rooms.take(stream.expected)
        self._filled, self._at, self._row, self._latest = 0, 0, 0, -1

    def decode(self, start: int, end: int) -> ReadColumns:
        """Decode up to the end of a region; gives the rows so far as views of the room."""
        region = (self._contig, start, end)
        while True:
            status, self._at, self._row, self._latest = decode_records(
                self.room, self._filled, self._at, self._row, self._latest, region, *self._limits
            )
            if status == PAST_REGION:
                break
            if status in PROBLEMS:
                raise self._error(*PROBLEMS[status])
            if status == NEED_ROWS:
                self.room = with_rows(self.room, max(2 * self._row, 1024), self._row)
                continue
            filled = self._filled
            self.room, self._filled = self._stream.fill(self.room, filled)
            if self._filled == filled:
                if self._at < filled:
                    raise self._error("a record cut short", "whole records")
                break
        row = self._row
        return ReadColumns(self.room.buffer[: self._filled], *(column[:row] for column in self.room[1:]))

    def carry(self, reach: int) -> None:
        """Go on in another room, with the reads that end behind `reach` and the bytes not decoded yet."""
        if not self._at:
            return
        room, tail = self.room, self._filled - self._at
        size, rows = measure_carried(room, self._row, reach)
        fresh = self._rooms.take(size + tail)
        if rows > len(fresh.start):
            fresh = with_rows(fresh, rows, 0)
        carry_records(room, self._row, reach, fresh)
        fresh.buffer[size : size + tail] = room.buffer[self._at : self._filled]
        self._rooms.give_back(room)
        self.room, self._filled, self._at, self._row = fresh, size + tail, size, rows

    def _error(self, found: str, wanted: str) -> InputError:
        return InputError(
            f"{self._path}: {self._stream.place}: found {found}, wanted {wanted}; copy the file again, or "
            "stage it again with 'seqmill reads'"
        )

"""Sequenced fragments out of FASTQ: pairs from two files, single reads, interleaved mates in any order."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from seqmill.errors import InputError
from seqmill.reads.fastq import Read, Record, record_batches

MAX_WAITING = 1_000_000


class Fragment(NamedTuple):
    """One sequenced molecule: its name, its first read and, when paired, its second read."""

    name: bytes
    first: Read
    second: Read | None


@dataclass(frozen=True)
class Lane:
    """The FASTQ files of one sequencing lane.

    Parameters
    ----------
    fastq_1 : Path
        First reads of pairs; or single reads; or both reads of pairs in one file (interleaved).
    fastq_2 : Path or None
        Second reads of pairs, in the order of `fastq_1`.
    """

    fastq_1: Path
    fastq_2: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files of the lane."""
        return (self.fastq_1,) if self.fastq_2 is None else (self.fastq_1, self.fastq_2)


def fragments(lane: Lane) -> Iterator[Fragment]:
    """Stream the fragments of a lane, in the order of its files.

    A lone file counts as interleaved when, among its first batch of reads, a name comes twice or both
    mate numbers come. Mates need not be neighbours: a read waits for its mate, and reads whose mate
    never comes follow last, as single reads in file order.

    Raises
    ------
    InputError
        As `record_batches` does; for pairs of unequal count or name; for a mate that comes twice; for
        more than `MAX_WAITING` reads that wait for their mates.
    """
    if lane.fastq_2 is not None:
        return _pairs(lane.fastq_1, lane.fastq_2)
    batches = record_batches(lane.fastq_1)
    head = next(batches)
    records = chain(head, chain.from_iterable(batches))
    if _is_interleaved(head):
        return _mates_by_name(lane.fastq_1, records)
    return (Fragment(record.name, record.read, None) for record in records)


def _is_interleaved(records: list[Record]) -> bool:
    names = {record.name for record in records}
    return len(names) < len(records) or {1, 2} <= {record.mate for record in records}


def _pairs(path_1: Path, path_2: Path) -> Iterator[Fragment]:
    firsts = chain.from_iterable(record_batches(path_1))
    seconds = chain.from_iterable(record_batches(path_2))
    number = 0
    for first in firsts:
        second = next(seconds, None)
        if second is None:
            found = (number + 1 + sum(1 for _ in firsts), number)
            raise _unequal(path_1, path_2, found)
        if first.name != second.name:
            raise InputError(
                f"{path_2}: read {number + 1:,} is '{second.name.decode()}', wanted '{first.name.decode()}' as in "
                f"{path_1}; give two files that hold the same pairs in the same order"
            )
        number += 1
        yield Fragment(first.name, first.read, second.read)
    if surplus := sum(1 for _ in seconds):
        raise _unequal(path_1, path_2, (number, number + surplus))


def _unequal(path_1: Path, path_2: Path, found: tuple[int, int]) -> InputError:
    return InputError(
        f"{path_1} holds {found[0]:,} reads and {path_2} holds {found[1]:,}; wanted the same number in both "
        "files of a pair: one of them is incomplete, copy or download it again"
    )


def _mates_by_name(path: Path, records: Iterator[Record]) -> Iterator[Fragment]:
    waiting: dict[bytes, Record] = {}
    for record in records:
        mate = waiting.pop(record.name, None)
        if mate is None:
            waiting[record.name] = record
            if len(waiting) > MAX_WAITING:
                raise InputError(
                    f"{path}: more than {MAX_WAITING:,} reads wait for their mates; wanted mates near each other: "
                    "order the reads by name (samtools collate and samtools fastq do it), or give two files"
                )
        elif record.mate and record.mate == mate.mate:
            raise InputError(
                f"{path}: read '{record.name.decode()}' comes twice as mate {record.mate}; wanted each read once: "
                "remove secondary alignments when making FASTQ (samtools fastq does)"
            )
        else:
            first, second = (record, mate) if record.mate == 1 or mate.mate == 2 else (mate, record)
            yield Fragment(record.name, first.read, second.read)
    for record in waiting.values():
        yield Fragment(record.name, record.read, None)

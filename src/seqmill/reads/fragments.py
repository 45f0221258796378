"""Sequenced fragments out of FASTQ: pairs from two files, single reads, interleaved mates in any order."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import NamedTuple

from seqmill.errors import InputError
from seqmill.reads.fastq import BATCH_READS, Batch, read_batches

MAX_WAITING = 1_000_000
_NOTHING = Batch([], [], [], [])


class Fragment(NamedTuple):
    """One sequenced molecule: its name, its first read and, when paired, its second read.

    Bases are upper-case ASCII, qualities Phred+33 ASCII of the same length.
    """

    name: bytes
    sequence_1: bytes
    quality_1: bytes
    sequence_2: bytes | None = None
    quality_2: bytes | None = None


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


def fragment_batches(lane: Lane) -> Iterator[list[Fragment]]:
    """Stream the fragments of a lane, in the order of its files.

    A lone file counts as interleaved when, among its first batch of reads, a name comes twice or both
    mate numbers come. Mates need not be neighbours: a read waits for its mate, and reads whose mate
    never comes follow last, as single reads in file order.

    Yields
    ------
    list of Fragment
        At least one and about `BATCH_READS` fragments.

    Raises
    ------
    InputError
        As `read_batches` does; for pairs of unequal count or name; for a mate that comes twice; for
        more than `MAX_WAITING` reads that wait for their mates.
    """
    if lane.fastq_2 is not None:
        yield from _pairs(lane.fastq_1, lane.fastq_2)
        return
    batches = read_batches(lane.fastq_1)
    head = next(batches)
    records = chain([head], batches)
    if _is_interleaved(head):
        yield from _mates_by_name(lane.fastq_1, records)
        return
    for batch in records:
        singles = zip(batch.names, batch.sequences, batch.qualities, strict=True)
        yield [Fragment(*single) for single in singles]


def _is_interleaved(batch: Batch) -> bool:
    return len(set(batch.names)) < len(batch.names) or {1, 2} <= set(batch.mates)


def _pairs(path_1: Path, path_2: Path) -> Iterator[list[Fragment]]:
    firsts, seconds = read_batches(path_1), read_batches(path_2)
    pairs = 0
    for first, second in zip_longest(firsts, seconds, fillvalue=_NOTHING):
        if first.names != second.names:
            totals = (pairs + len(first.names) + _count(firsts), pairs + len(second.names) + _count(seconds))
            raise _unlike((path_1, path_2), (first.names, second.names), totals)
        pairs += len(first.names)
        fields = (first.names, first.sequences, first.qualities, second.sequences, second.qualities)
        yield [Fragment(*pair) for pair in zip(*fields, strict=True)]


def _count(batches: Iterator[Batch]) -> int:
    return sum(len(batch.names) for batch in batches)


def _unlike(
    paths: tuple[Path, Path], names: tuple[list[bytes], list[bytes]], totals: tuple[int, int]
) -> InputError:
    if totals[0] != totals[1]:
        return InputError(
            f"{paths[0]} holds {totals[0]:,} reads and {paths[1]} holds {totals[1]:,}; wanted the same "
            "number in "
            "both files of a pair: one of them is incomplete, copy or download it again"
        )
    name_1, name_2 = next(pair for pair in zip(*names, strict=True) if pair[0] != pair[1])
    return InputError(
        f"{paths[1]}: found read '{name_2.decode()}' where {paths[0]} has '{name_1.decode()}'; wanted the "
        "same "
        "pairs in the same order in both files"
    )


def _mates_by_name(path: Path, batches: Iterator[Batch]) -> Iterator[list[Fragment]]:
    waiting: dict[bytes, tuple[int, bytes, bytes]] = {}
    for batch in batches:
        complete = []
        for name, mate, sequence, quality in zip(*batch, strict=True):
            found = waiting.pop(name, None)
            if found is None:
                waiting[name] = (mate, sequence, quality)
            elif mate and mate == found[0]:
                raise InputError(
                    f"{path}: read '{name.decode()}' comes twice as mate {mate}, wanted once; leave "
                    "secondary "
                    "alignments out when making FASTQ (samtools fastq does)"
                )
            elif mate == 1 or found[0] == 2:
                complete.append(Fragment(name, sequence, quality, *found[1:]))
            else:
                complete.append(Fragment(name, *found[1:], sequence, quality))
        if len(waiting) > MAX_WAITING:
            raise InputError(
                f"{path}: {len(waiting):,} reads wait for their mates, wanted at most {MAX_WAITING:,}; "
                "put mates next to each other (samtools collate, then samtools fastq), or give two files"
            )
        if complete:
            yield complete
    for start in range(0, len(waiting), BATCH_READS):
        alone = islice(waiting.items(), start, start + BATCH_READS)
        yield [Fragment(name, sequence, quality) for name, (_, sequence, quality) in alone]

"""Files of first or second mates that were given as single reads."""

from collections.abc import Sequence

from seqmill.errors import InputError
from seqmill.reads.fastq import Batch, read_batches
from seqmill.reads.fragments import Lane
from seqmill.reads.notice import notice


def check_lone(lanes: Sequence[Lane]) -> None:
    """Look at the first reads of files that stand alone, for mates of pairs.

    A file of first mates alone may be meant, so it is told and used.

    Raises
    ------
    InputError
        When two of them hold the two mates of the same pairs.
    """
    heads = {lane.fastq_1: next(read_batches(lane.fastq_1)) for lane in lanes if lane.fastq_2 is None}
    seen: dict[tuple[bytes, ...], tuple[Lane, Batch]] = {}
    for lane in lanes:
        head = heads.get(lane.fastq_1)
        if head is None:
            continue
        other, before = seen.setdefault(tuple(head.names), (lane, head))
        if other is not lane and before.sequences != head.sequences:
            raise InputError(
                f"{lane.fastq_1}: found the reads of {other.fastq_1} again with other bases, each file as "
                "single reads; wanted the two mates of pairs side by side: name the files as fastq_1 and "
                "fastq_2 of one row (on the command line: --fastq FIRST,SECOND), or give reads names of "
                "their own"
            )
        told = {*head.mates}
        if told in ({1}, {2}):
            notice(
                f"{lane.fastq_1}: its reads are mates {told.pop()} of pairs, and no file of the others was "
                "given; they are aligned as single reads"
            )

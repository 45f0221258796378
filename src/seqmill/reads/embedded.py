"""The embedded aligner: minimap2's short-read mode through mappy, in threads, in a fixed order."""

import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import mappy

from seqmill.errors import InputError
from seqmill.reads.fragments import Fragment
from seqmill.reads.insert_size import InsertSize, estimate_insert_size
from seqmill.reads.sam import Hit, apart, make_hit, outer_distance, sam_lines

_CONFIDENT_MAPQ = 20
_SPLIT_BASES = 40

Hits = tuple[list[Hit], list[Hit]]


class EmbeddedAligner:
    """minimap2's short-read mode inside this process.

    Parameters
    ----------
    reference : Path
        FASTA file, plain or bgzipped; its minimizer index is built in memory.
    threads : int
        Threads that align; mappy releases the interpreter lock.

    Raises
    ------
    InputError
        When the reference cannot be indexed.
    """

    def __init__(self, reference: Path, *, threads: int = 1) -> None:
        self._threads = threads
        self._index = mappy.Aligner(str(reference), preset="sr", n_threads=threads)
        if not self._index:
            raise InputError(
                f"{reference}: cannot be indexed for alignment; wanted a FASTA file with sequences"
            )
        self._local = threading.local()

    def align(self, batches: Iterator[list[Fragment]], *, read_group: str) -> Iterator[list[str]]:
        """Align the fragments of one lane.

        The range of proper insert sizes comes from the first batch.

        Parameters
        ----------
        batches : iterator of list of Fragment
            The reads.
        read_group : str
            Identifier for the RG tag.

        Yields
        ------
        list of str
            SAM lines of each batch, in the order of the fragments for any number of threads.
        """
        head = next(batches)
        hits = self._hits(head)
        insert = _insert_size(hits)
        yield _render(head, hits, insert, read_group)
        waiting: deque[Future[list[str]]] = deque()
        with ThreadPoolExecutor(self._threads) as pool:
            for batch in batches:
                waiting.append(pool.submit(self._lines, batch, insert, read_group))
                if len(waiting) > self._threads + 1:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _lines(self, batch: list[Fragment], insert: InsertSize, read_group: str) -> list[str]:
        return _render(batch, self._hits(batch), insert, read_group)

    def _hits(self, batch: list[Fragment]) -> list[Hits]:
        if not hasattr(self._local, "buffer"):
            self._local.buffer = mappy.ThreadBuffer()
        return [self._map(fragment) for fragment in batch]

    def _map(self, fragment: Fragment) -> Hits:
        first, second = fragment.sequence_1, fragment.sequence_2
        firsts: list[Hit] = []
        seconds: list[Hit] = []
        for alignment in self._index.map(first, second, buf=self._local.buffer):
            if alignment.read_num == 1:
                firsts.append(make_hit(alignment, len(first), False))
            elif second is not None:
                seconds.append(make_hit(alignment, len(second), True))
        if second is not None:
            for bases, found in ((first, firsts), (second, seconds)):
                if found and max(found[0].clips) >= _SPLIT_BASES:
                    found += self._rest(bases, found)
        return firsts, seconds

    def _rest(self, bases: bytes, found: list[Hit]) -> list[Hit]:
        """Align the part of a mate that its pair left over.

        In pairs minimap2 hides a hit that lies, in the fragment, between the two reads' main hits.
        """
        primary = [hit for hit in found if hit.primary]
        if len(primary) != 1:
            return []
        alignments = self._index.map(bases, buf=self._local.buffer)
        hits = [make_hit(alignment, len(bases), False) for alignment in alignments]
        return [hit for hit in hits if hit.primary and apart(hit, primary[0], len(bases))]


def _render(batch: list[Fragment], hits: list[Hits], insert: InsertSize, read_group: str) -> list[str]:
    lines: list[str] = []
    for fragment, fragment_hits in zip(batch, hits, strict=True):
        lines += sam_lines(fragment, fragment_hits, insert=insert, read_group=read_group)
    return lines


def _insert_size(hits: list[Hits]) -> InsertSize:
    distances = []
    for firsts, seconds in hits:
        if len(firsts) == len(seconds) == 1 and min(firsts[0].mapq, seconds[0].mapq) >= _CONFIDENT_MAPQ:
            distance = outer_distance(firsts[0], seconds[0])
            if distance is not None:
                distances.append(distance)
    return estimate_insert_size(distances)

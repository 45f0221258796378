"""Cut a stream of rows into row groups of one size, however the stream arrives."""

from collections.abc import Iterable, Iterator

import pyarrow as pa


class GroupBuffer:
    """Hold rows until they fill a row group.

    Parameters
    ----------
    rows : int
        Rows in a group.
    """

    def __init__(self, rows: int) -> None:
        self._size = rows
        self._waiting: list[pa.Table] = []
        self._count = 0

    def add(self, table: pa.Table) -> Iterator[pa.Table]:
        """Take rows, and yield each group they fill."""
        self._waiting.append(table)
        self._count += table.num_rows
        if self._count < self._size:
            return
        waiting = pa.concat_tables(self._waiting)
        whole = self._count - self._count % self._size
        for begin in range(0, whole, self._size):
            yield waiting.slice(begin, self._size).combine_chunks()
        self._waiting, self._count = [waiting.slice(whole).combine_chunks()], self._count - whole

    def rest(self) -> Iterator[pa.Table]:
        """Yield what is left, if anything is."""
        if self._count:
            yield pa.concat_tables(self._waiting).combine_chunks()
        self._waiting, self._count = [], 0


def in_groups(tables: Iterable[pa.Table], rows: int) -> Iterator[pa.Table]:
    """Yield the rows of `tables` in groups of `rows`; the last may be smaller."""
    buffer = GroupBuffer(rows)
    for table in tables:
        yield from buffer.add(table)
    yield from buffer.rest()

"""The header of a BAM (SAM specification 4.2): its contigs, and where the records begin."""

from typing import NamedTuple

import numpy as np

from seqmill.errors import InputError
from seqmill.reads.bgzf import BgzfReader


class BamHeader(NamedTuple):
    """What the records of a BAM refer to.

    Attributes
    ----------
    contigs : dict of str to int
        Contig name -> length, in the order that records number them.
    size : int
        Inflated bytes before the first record.
    """

    contigs: dict[str, int]
    size: int


def read_header(reader: BgzfReader) -> BamHeader:
    """Read the header at the beginning of a BAM.

    Raises
    ------
    InputError
        When the file is no BAM, or its header is cut short or damaged.
    """
    source = _Source(reader)
    if source.take(4) != b"BAM\1":
        raise source.error("another format", "BAM or CRAM")
    source.take(source.count("bytes of header text"))
    contigs = {}
    for _ in range(source.count("contigs")):
        name = source.take(source.count("bytes of a contig's name"))
        contigs[name.rstrip(b"\0").decode("utf-8", "replace")] = source.count("bases of a contig")
    return BamHeader(contigs, source.at)


class _Source:
    """Inflated bytes from the beginning of a file, taken piece by piece."""

    def __init__(self, reader: BgzfReader) -> None:
        self.at = 0
        self._reader = reader
        self._data = bytearray()
        self._next = 0

    def take(self, count: int) -> bytes:
        while len(self._data) < self.at + count:
            blocks = self._reader.scan(self._next)
            if blocks is None:
                raise self.error(f"the end of the file after {len(self._data):,} inflated bytes", "more")
            inflated = np.empty(blocks.inflated, np.uint8)
            self._reader.inflate(blocks, inflated, 0)
            self._data += inflated.data
            self._next = blocks.next_offset
        self.at += count
        return bytes(self._data[self.at - count : self.at])

    def count(self, what: str) -> int:
        found = int.from_bytes(self.take(4), "little", signed=True)
        if found < 0:
            raise self.error(f"{found} {what}", "a count")
        return found

    def error(self, found: str, wanted: str) -> InputError:
        return InputError(
            f"{self._reader.path}: header, inflated byte {self.at:,}: found {found}, wanted {wanted}; "
            "give a BAM or CRAM file that samtools quickcheck passes"
        )

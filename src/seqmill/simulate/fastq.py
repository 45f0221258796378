"""Write read pairs as compressed FASTQ, the same bytes each time."""

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numba import njit

from seqmill.files import atomic_path

_LETTERS = np.frombuffer(b"ACGTN", np.uint8)
_DIGITS = 8


@njit(nogil=True, cache=True)
def _format(prefix, serial, bases, qualities, letters, out):
    rows, cycles = bases.shape
    at = 0
    for row in range(rows):
        out[at] = 64
        at += 1
        for i in range(len(prefix)):
            out[at] = prefix[i]
            at += 1
        number = serial + row
        for i in range(_DIGITS):
            out[at + _DIGITS - 1 - i] = 48 + number % 10
            number //= 10
        at += _DIGITS
        out[at] = 10
        at += 1
        for i in range(cycles):
            out[at + i] = letters[bases[row, i]]
        at += cycles
        out[at] = 10
        out[at + 1] = 43
        out[at + 2] = 10
        at += 3
        for i in range(cycles):
            out[at + i] = qualities[row, i] + 33
        at += cycles
        out[at] = 10
        at += 1


def fastq_text(prefix: str, serial: int, bases: np.ndarray, qualities: np.ndarray) -> np.ndarray:
    """Give the FASTQ records of one mate as uint8 text.

    Parameters
    ----------
    prefix : str
        Start of each read name; an eight-digit serial number follows.
    serial : int
        Number of the first read.
    bases, qualities : np.ndarray
        uint8 [n, cycles], codes and Phred qualities.
    """
    name = np.frombuffer(prefix.encode(), np.uint8)
    rows, cycles = bases.shape
    out = np.empty(rows * (len(name) + _DIGITS + 2 * cycles + 6), np.uint8)
    _format(name, serial, bases, qualities, _LETTERS, out)
    return out


class PairWriter:
    """Two open FASTQ files, one for each mate."""

    def __init__(self, handles: tuple[gzip.GzipFile, gzip.GzipFile]) -> None:
        self._handles = handles

    def write(self, prefix: str, serial: int, bases: np.ndarray, qualities: np.ndarray) -> None:
        """Append pairs; `bases` and `qualities` are uint8 [n, 2, cycles]."""
        for mate, handle in enumerate(self._handles):
            handle.write(fastq_text(prefix, serial, bases[:, mate], qualities[:, mate]).data)


@contextmanager
def compressed(path: os.PathLike[str]) -> Iterator[gzip.GzipFile]:
    """Open a gzip file (level 1, no time stamp) that appears only when all is written."""
    with (
        atomic_path(path) as aside,
        open(aside, "wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=raw, mtime=0) as handle,
    ):
        yield handle


@contextmanager
def pair_writer(first: os.PathLike[str], second: os.PathLike[str]) -> Iterator[PairWriter]:
    """Open the two FASTQ files of a sample or lane; they appear only when all is written."""
    with compressed(first) as one, compressed(second) as two:
        yield PairWriter((one, two))


def lane_paths(folder: Path, lanes: int) -> list[tuple[Path, Path]]:
    """Name the FASTQ pairs of a sample: ``reads_R1.fastq.gz``, with ``_L1`` and so on for several lanes."""
    tags = [""] if lanes == 1 else [f"_L{lane}" for lane in range(1, lanes + 1)]
    return [(folder / f"reads{tag}_R1.fastq.gz", folder / f"reads{tag}_R2.fastq.gz") for tag in tags]

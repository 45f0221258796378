"""Intervals, sets of regions, and the batches of regions that jobs work on."""

import gzip
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seqmill.errors import InputError
from seqmill.files import atomic_path

_EMPTY = np.zeros(0, np.int64)
_HEADERS = (b"#", b"track", b"browser")


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """A stretch of a contig, 0-based half-open."""

    contig: str
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def __str__(self) -> str:
        return f"{self.contig}:{self.start}-{self.end}"


class Regions:
    """A set of positions, held as sorted intervals that neither overlap nor touch.

    Parameters
    ----------
    intervals : iterable of Interval
        In any order; they may overlap. Contigs keep the order in which they first appear.
    """

    def __init__(self, intervals: Iterable[Interval]) -> None:
        grouped: dict[str, list[tuple[int, int]]] = {}
        for interval in intervals:
            grouped.setdefault(interval.contig, []).append((interval.start, interval.end))
        self._spans = {contig: _merge(np.array(pairs, np.int64)) for contig, pairs in grouped.items()}
        self._spans = {contig: spans for contig, spans in self._spans.items() if len(spans[0])}

    @classmethod
    def whole(cls, contigs: Mapping[str, int]) -> "Regions":
        """Give the regions that cover each contig (name -> length) from end to end."""
        return cls(Interval(contig, 0, length) for contig, length in contigs.items())

    @property
    def contigs(self) -> tuple[str, ...]:
        """Names of the contigs with at least one position."""
        return tuple(self._spans)

    @property
    def size(self) -> int:
        """Number of positions."""
        return sum(int((ends - starts).sum()) for starts, ends in self._spans.values())

    def starts(self, contig: str) -> np.ndarray:
        """Give the sorted starts on a contig, int64; empty where the contig is not in the set."""
        return self._spans.get(contig, (_EMPTY, _EMPTY))[0]

    def ends(self, contig: str) -> np.ndarray:
        """Give the ends that belong to `starts`, int64."""
        return self._spans.get(contig, (_EMPTY, _EMPTY))[1]

    def contains(self, contig: str, positions: np.ndarray) -> np.ndarray:
        """Say for each position (integers, any shape) whether it is in the set: bool, same shape."""
        starts, ends = self.starts(contig), self.ends(contig)
        if not len(starts):
            return np.zeros(np.shape(positions), bool)
        before = np.searchsorted(starts, positions, side="right") - 1
        return (before >= 0) & (np.asarray(positions) < ends[before])

    def covers(self, contig: str, start: int, end: int) -> bool:
        """Say whether all of ``[start, end)`` is in the set."""
        starts, ends = self.starts(contig), self.ends(contig)
        before = int(np.searchsorted(starts, start, side="right")) - 1
        return before >= 0 and end <= int(ends[before])

    def overlaps(self, contig: str, start: int, end: int) -> bool:
        """Say whether any position of ``[start, end)`` is in the set."""
        starts, ends = self.starts(contig), self.ends(contig)
        after = int(np.searchsorted(ends, start, side="right"))
        return after < len(starts) and int(starts[after]) < end

    def intersect(self, other: "Regions") -> "Regions":
        """Give the positions that both sets hold."""
        return Regions(
            Interval(contig, start, end)
            for contig in self.contigs
            for start, end in _overlap(self._spans[contig], (other.starts(contig), other.ends(contig)))
        )

    def __iter__(self) -> Iterator[Interval]:
        for contig, (starts, ends) in self._spans.items():
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
                yield Interval(contig, start, end)

    def __len__(self) -> int:
        return sum(len(starts) for starts, _ in self._spans.values())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Regions) and set(self) == set(other)

    __hash__ = None  # type: ignore[assignment]


def read_bed(path: str | os.PathLike[str]) -> Regions:
    """Read the regions of a BED file, plain or gzipped.

    Raises
    ------
    InputError
        When the file is missing, holds no region, or a line is no BED.
    """
    source = Path(path)
    if not source.is_file():
        raise InputError(f"{source}: there is no such BED file")
    with open(source, "rb") as handle:
        packed = handle.read(2) == b"\x1f\x8b"
    intervals = []
    with gzip.open(source, "rb") if packed else open(source, "rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip() and not line.startswith(_HEADERS):
                intervals.append(_interval(source, number, line.decode()))
    regions = Regions(intervals)
    if not regions.size:
        raise InputError(
            f"{source}: holds no region; wanted at least one line 'contig<TAB>start<TAB>end' with end > start"
        )
    return regions


def write_bed(path: str | os.PathLike[str], regions: Regions) -> None:
    """Write regions as a three-column BED file, atomically."""
    with atomic_path(path) as aside, open(aside, "w") as handle:
        handle.writelines(f"{part.contig}\t{part.start}\t{part.end}\n" for part in regions)


def region_batches(contigs: Mapping[str, int], size: int) -> list[list[Interval]]:
    """Cut contigs (name -> length) into batches of at most `size` bases, one for each job.

    A contig longer than `size` is cut into equal pieces, and short contigs share a batch. The batches
    depend on the arguments alone.
    """
    if size < 1:
        raise InputError(f"region batch size: {size} found, wanted at least 1 base")
    batches: list[list[Interval]] = []
    room = 0
    for contig, length in contigs.items():
        pieces = -(-length // size)
        for piece in range(pieces):
            part = Interval(contig, piece * length // pieces, (piece + 1) * length // pieces)
            if len(part) > room or pieces > 1:
                batches.append([])
                room = size
            batches[-1].append(part)
            room = room - len(part) if pieces == 1 else 0
    return batches


def _merge(pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    if not len(pairs):
        return _EMPTY, _EMPTY
    reach = np.maximum.accumulate(pairs[:, 1])
    opens = np.concatenate([[True], pairs[1:, 0] > reach[:-1]])
    closes = np.concatenate([opens[1:], [True]])
    return pairs[opens, 0], reach[closes]


def _overlap(
    first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]
) -> Iterator[tuple[int, int]]:
    for start, end in zip(*(side.tolist() for side in first), strict=True):
        low = int(np.searchsorted(second[1], start, side="right"))
        high = int(np.searchsorted(second[0], end, side="left"))
        for other in range(low, high):
            yield max(start, int(second[0][other])), min(end, int(second[1][other]))


def _interval(source: Path, number: int, line: str) -> Interval:
    fields = line.rstrip("\r\n").split("\t")
    try:
        interval = Interval(fields[0], int(fields[1]), int(fields[2]))
    except (IndexError, ValueError):
        raise InputError(
            f"{source}: line {number} is {line.strip()[:80]!r}; "
            "wanted 'contig<TAB>start<TAB>end' with whole numbers"
        ) from None
    if interval.start < 0 or interval.end < interval.start:
        raise InputError(
            f"{source}: line {number}: {interval.start} to {interval.end}; wanted 0 <= start <= end"
        )
    return interval

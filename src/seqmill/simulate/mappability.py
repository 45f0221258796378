"""Where reads of a reference find home again: the mask that is fixed before any figure."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import mappy
import numpy as np

from seqmill.genome.bases import opposite_strand
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.reference import Reference
from seqmill.progress import progress

_CHUNK = 2000
_TOLERANCE = 5


def mappability_mask(
    reference: Reference,
    *,
    read_length: int = 150,
    insert_size: int = 400,
    every: int = 20,
    lowest: float = 30.0,
    threads: int = 1,
) -> Regions:
    """Find the positions whose reads map back with a good mapping quality.

    Error-free pairs start every `every` bp, are mapped with minimap2's short-read preset, and each read
    lays its mapping quality (0 where it did not come home) on the positions it was taken from. The mask
    holds the positions where the mean is at least `lowest`, in stretches no shorter than a read. Nothing but
    the reference goes in.

    Parameters
    ----------
    reference : Reference
    read_length, insert_size, every : int
        In bp.
    lowest : float
        Smallest mean mapping quality (Phred).
    threads : int
    """
    aligner = mappy.Aligner(str(reference.path), preset="sr", n_threads=1, best_n=5)
    jobs = list(_jobs(reference, every, insert_size))
    sums = {contig: np.zeros(length + 1) for contig, length in reference.contigs.items()}
    counts = {contig: np.zeros(length + 1) for contig, length in reference.contigs.items()}

    def work(job: tuple[str, str, int, int]) -> tuple[str, np.ndarray, np.ndarray]:
        contig, sequence, offset, starts = job
        return contig, *_map_chunk(aligner, contig, sequence, offset, starts, every, insert_size, read_length)

    with (
        ThreadPoolExecutor(threads) as pool,
        progress(total=len(jobs), desc="mappability", unit="chunk") as bar,
    ):
        for contig, origins, qualities in pool.map(work, jobs):
            for edges, sign in ((origins, 1.0), (origins + read_length, -1.0)):
                np.add.at(sums[contig], edges, sign * qualities)
                np.add.at(counts[contig], edges, sign)
            bar.update(1)
    return Regions(
        interval
        for contig in reference.contigs
        for interval in _good(contig, sums[contig], counts[contig], lowest)
        if len(interval) >= read_length
    )


def _jobs(reference: Reference, every: int, insert_size: int) -> Iterator[tuple[str, str, int, int]]:
    for contig, length in reference.contigs.items():
        starts = max(0, (length - insert_size) // every + 1)
        for first in range(0, starts, _CHUNK):
            count = min(_CHUNK, starts - first)
            begin = first * every
            yield (
                contig,
                reference.fetch(contig, begin, begin + (count - 1) * every + insert_size),
                begin,
                count,
            )


def _map_chunk(
    aligner: mappy.Aligner,
    contig: str,
    sequence: str,
    offset: int,
    starts: int,
    every: int,
    insert_size: int,
    read_length: int,
) -> tuple[np.ndarray, np.ndarray]:
    buffer = mappy.ThreadBuffer()
    origins: list[int] = []
    qualities: list[float] = []
    for begin in range(0, starts * every, every):
        fragment = sequence[begin : begin + insert_size]
        if "N" in fragment:
            continue
        mates = fragment[:read_length], opposite_strand(fragment[-read_length:])
        home = offset + begin, offset + begin + insert_size - read_length
        found = [0.0, 0.0]
        for hit in aligner.map(mates[0], mates[1], buf=buffer):
            mate = hit.read_num - 1
            if hit.is_primary and hit.ctg == contig and abs(hit.r_st - home[mate]) <= _TOLERANCE:
                found[mate] = hit.mapq
        origins.extend(home)
        qualities.extend(found)
    return np.array(origins, np.int64), np.array(qualities, np.float64)


def _good(contig: str, sums: np.ndarray, counts: np.ndarray, lowest: float) -> Iterator[Interval]:
    depth = np.cumsum(counts)[:-1]
    good = np.zeros(len(depth) + 2, np.int8)
    good[1:-1] = (depth > 0.5) & (np.cumsum(sums)[:-1] >= lowest * depth - 1e-6)
    steps = np.diff(good)
    for start, end in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True):
        yield Interval(contig, int(start), int(end))

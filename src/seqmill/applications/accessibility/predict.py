"""Predict the coverage of a genome from its sequence: bigWig for browsers, or a table."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seqmill.applications.accessibility.spec import Options
from seqmill.applications.accessibility.tiles import cut, in_groups, stretch, tile_starts
from seqmill.applications.scoring import SequenceJob
from seqmill.errors import InputError
from seqmill.files import atomic_path
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.reference import Reference, codes_over
from seqmill.progress import progress

ENDINGS = (".bw", ".tsv")


class Predicted(NamedTuple):
    """Windows of one contig in order: starts and ends (0-based half-open), log1p of the expected ends.

    The last is float64 [n, tracks], a single column where there are no tracks.
    """

    contig: str
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    log_count: npt.NDArray[np.float64]

    def after(self, start: int) -> "Predicted":
        """Give the windows that begin behind a base."""
        kept = self.start > start
        return Predicted(self.contig, self.start[kept], self.end[kept], self.log_count[kept])


def predict(job: SequenceJob) -> tuple[Path, ...]:
    """Predict the scored windows over contigs or regions, and write them.

    A bigWig holds for each stride of bases the ends expected in the window around it; a table (``.tsv``) the
    windows themselves: ``contig``, ``start``, ``end``, ``log_count`` (log1p of the expected ends). Where the
    model has tracks, the table has a column ``log_count_TRACK`` for each, and ``NAME.bw`` becomes a bigWig
    ``NAME.TRACK.bw`` for each; where the name tells a track already, that one alone is written.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    InputError
        When the output is to have another format, or the regions do not fit the reference.
    """
    if not job.output.name.endswith(ENDINGS):
        raise InputError(f"{job.output}: found another ending, wanted one of {', '.join(ENDINGS)}")
    with Reference(job.reference) as reference:
        asked = job.asked(reference)
        windows = _predicted(job, reference, asked)
        if job.output.suffix == ".tsv":
            _write_table(job.output, windows, job.options)
            return (job.output,)
        lengths = {name: reference.contigs[name] for name in reference.contigs if name in asked.contigs}
        columns = _bigwigs(job.output, job.options)
        _write_bigwigs(columns, lengths, windows, job.options)
        return tuple(columns)


def _bigwigs(output: Path, options: Options) -> dict[Path, int]:
    """Give the bigWigs to write, and which track each holds."""
    tracks = options.tracks
    if not tracks:
        return {output: 0}
    told = output.stem.rpartition(".")[2]
    if told in tracks:
        return {output: tracks.index(told)}
    return {output.with_suffix(f".{name}{output.suffix}"): at for at, name in enumerate(tracks)}


def _predicted(job: SequenceJob, reference: Reference, asked: Regions) -> Iterator[Predicted]:
    """Give the windows that lie on a contig and touch what is asked for, each once, in order."""
    options: Options = job.options
    given = ("", -1)
    with progress(total=asked.size, desc="predict", unit="bp") as bar:
        for region in asked:
            first = max(0, region.start - options.window + 1) // options.span * options.span
            for starts in in_groups(tile_starts(first, region.end, options)):
                found = _windows(job, reference, region, starts)
                if found.contig == given[0]:
                    found = found.after(given[1])
                if len(found.start):
                    given = (found.contig, int(found.start[-1]))
                    yield found
            bar.update(len(region))


def _windows(
    job: SequenceJob, reference: Reference, region: Interval, starts: npt.NDArray[np.int64]
) -> Predicted:
    options: Options = job.options
    first, last = stretch(starts, options)
    codes = cut(codes_over(reference, region.contig, first, last), options)
    outputs = job.predict({"sequence": codes})
    names = [f"{name}_log_count" for name in options.tracks] or ["log_count"]
    each = [[outputs[f"{name}_{at}"] for at in range(options.windows)] for name in names]
    logs = np.array(each, np.float64).transpose(2, 1, 0).reshape(-1, len(names))
    begin = (starts[:, None] + np.arange(options.windows) * options.stride).reshape(-1)
    stop = begin + options.window
    kept = (stop <= reference.contigs[region.contig]) & (stop > region.start) & (begin < region.end)
    return Predicted(region.contig, begin[kept], stop[kept], logs[kept])


def _write_table(path: Path, windows: Iterator[Predicted], options: Options) -> None:
    names = [f"log_count_{name}" for name in options.tracks] or ["log_count"]
    with atomic_path(path) as aside, open(aside, "w") as handle:
        print("contig", "start", "end", *names, sep="\t", file=handle)
        for part in windows:
            for start, end, row in zip(
                part.start.tolist(), part.end.tolist(), part.log_count.tolist(), strict=True
            ):
                print(part.contig, start, end, *(f"{value:.4f}" for value in row), sep="\t", file=handle)


def _write_bigwigs(
    columns: dict[Path, int], lengths: dict[str, int], windows: Iterator[Predicted], options: Options
) -> None:
    """Write a bigWig of each column asked for; all or none."""
    import pyBigWig

    beside = options.tail // 2
    with ExitStack() as stack:
        handles = {}
        for path, track in columns.items():
            handles[track] = pyBigWig.open(str(stack.enter_context(atomic_path(path))), "w")
            handles[track].addHeader(list(lengths.items()))
        for part in windows:
            begin, expected = (part.start + beside).tolist(), np.expm1(part.log_count)
            for track, handle in handles.items():
                values = expected[:, track].tolist()
                handle.addEntries(part.contig, begin, values=values, span=options.stride)
        for handle in handles.values():
            handle.close()

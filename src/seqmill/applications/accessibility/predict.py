"""Predict the coverage of a genome from its sequence: bigWig for browsers, or a table."""

from collections.abc import Iterator
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
    """Windows of one contig in order: starts and ends (0-based half-open) and log1p of the expected ends."""

    contig: str
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    log_count: npt.NDArray[np.float64]

    def after(self, start: int) -> "Predicted":
        """Give the windows that begin behind a base."""
        kept = self.start > start
        return Predicted(self.contig, self.start[kept], self.end[kept], self.log_count[kept])


def predict(job: SequenceJob) -> None:
    """Predict the scored windows over contigs or regions, and write them.

    A bigWig holds for each stride of bases the ends expected in the window around it; a table (``.tsv``) the
    windows themselves: ``contig``, ``start``, ``end``, ``log_count`` (log1p of the expected ends).

    Raises
    ------
    InputError
        When the output is to have another format, or the regions do not fit the reference.
    """
    if not job.output.name.endswith(ENDINGS):
        raise InputError(f"{job.output}: found another ending, wanted one of {', '.join(ENDINGS)}")
    with Reference(job.reference) as reference:
        asked = job.asked(reference)
        lengths = {name: reference.contigs[name] for name in reference.contigs if name in asked.contigs}
        write = _write_bigwig if job.output.suffix == ".bw" else _write_table
        write(job.output, lengths, _predicted(job, reference, asked), job.options)


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
    logs = np.stack([outputs[f"log_count_{at}"] for at in range(options.windows)], axis=1).reshape(-1)
    begin = (starts[:, None] + np.arange(options.windows) * options.stride).reshape(-1)
    stop = begin + options.window
    kept = (stop <= reference.contigs[region.contig]) & (stop > region.start) & (begin < region.end)
    return Predicted(region.contig, begin[kept], stop[kept], logs[kept].astype(np.float64))


def _write_table(path: Path, lengths: dict[str, int], windows: Iterator[Predicted], options: Options) -> None:
    with atomic_path(path) as aside, open(aside, "w") as handle:
        print("contig", "start", "end", "log_count", sep="\t", file=handle)
        for part in windows:
            rows = zip(part.start.tolist(), part.end.tolist(), part.log_count.tolist(), strict=True)
            handle.writelines(f"{part.contig}\t{start}\t{end}\t{value:.4f}\n" for start, end, value in rows)


def _write_bigwig(
    path: Path, lengths: dict[str, int], windows: Iterator[Predicted], options: Options
) -> None:
    import pyBigWig

    beside = options.tail // 2
    with atomic_path(path) as aside:
        handle = pyBigWig.open(str(aside), "w")
        handle.addHeader(list(lengths.items()))
        for part in windows:
            handle.addEntries(
                part.contig,
                (part.start + beside).tolist(),
                values=np.expm1(part.log_count).tolist(),
                span=options.stride,
            )
        handle.close()

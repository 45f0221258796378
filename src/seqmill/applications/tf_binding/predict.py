"""Predict which factors bind along a genome: a table of all, or a bigWig of one."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from seqmill.applications.scoring import SequenceJob
from seqmill.applications.tf_binding.spec import Options
from seqmill.applications.tf_binding.windows import codes_at
from seqmill.errors import InputError
from seqmill.files import atomic_path
from seqmill.genome.bases import AMBIGUOUS
from seqmill.genome.indexed_bed import write_indexed_bed
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.reference import Reference
from seqmill.progress import progress

TABLE, TRACK = ".tsv.gz", ".bw"
STEPS = 4
"""Windows overlap: so many begin in the length of one."""

_TOGETHER = 4096  # windows predicted at once


class Predicted(NamedTuple):
    """Windows of one contig in order: starts (0-based) and probabilities, float64 [n, factors]."""

    contig: str
    start: npt.NDArray[np.int64]
    bound: npt.NDArray[np.float64]


def predict(job: SequenceJob) -> None:
    """Predict windows over contigs or regions, a quarter of a window apart, and write them.

    A table (``.tsv.gz``, bgzipped, with its index) holds ``#contig``, ``start``, ``end`` (0-based half-open)
    and a column for each factor: the probability that it binds, among windows as the model was trained on. A
    bigWig holds one factor, over the middle quarter of each window; its name says which, as ``x.CTCF.bw``.
    Windows with too many unknown bases are left out.

    Raises
    ------
    InputError
        When the output is to have another format, or the regions do not fit the reference.
    """
    factor = _factor(job)
    with Reference(job.reference) as reference:
        asked = job.asked(reference)
        windows = _predicted(job, reference, asked)
        if factor is None:
            write_indexed_bed(job.output, _lines(windows, job.options))
        else:
            lengths = {name: reference.contigs[name] for name in reference.contigs if name in asked.contigs}
            _write_track(job.output, lengths, windows, job.options, factor)


def step_of(options: Options) -> int:
    """Give the bases from one predicted window to the next."""
    return max(1, options.window // STEPS)


def _factor(job: SequenceJob) -> int | None:
    """Say which factor a bigWig is of; None for a table."""
    name, factors = job.output.name, job.options.factors
    if name.endswith(TABLE):
        return None
    if not name.endswith(TRACK):
        raise InputError(f"{job.output}: found another ending, wanted {TABLE} or {TRACK}")
    told = name.removesuffix(TRACK).rpartition(".")[2]
    if told in factors:
        return list(factors).index(told)
    if len(factors) == 1:
        return 0
    raise InputError(
        f"{job.output}: a bigWig holds one factor, but the model has {', '.join(factors)}; name it such as "
        f"{name.removesuffix(TRACK)}.{factors[0]}{TRACK}"
    )


def _predicted(job: SequenceJob, reference: Reference, asked: Regions) -> Iterator[Predicted]:
    """Give the windows that lie on a contig and touch what is asked for, each once, in order."""
    options: Options = job.options
    before = ("", -1)
    with progress(total=asked.size, desc="predict", unit="bp") as bar:
        for region in asked:
            starts = _starts(region, reference.contigs[region.contig], options)
            if before[0] == region.contig:
                starts = starts[starts > before[1]]
            for at in range(0, len(starts), _TOGETHER):
                some = starts[at : at + _TOGETHER]
                codes = codes_at(reference, region.contig, some.tolist(), options)
                kept = (codes == AMBIGUOUS).mean(axis=1) <= options.max_unknown
                if kept.any():
                    told = job.predict({"sequence": codes[kept]})
                    logits = np.stack([told[f"logit_{n}"] for n in range(len(options.factors))], axis=1)
                    yield Predicted(region.contig, some[kept], expit(logits.astype(np.float64)))
            if len(starts):
                before = (region.contig, int(starts[-1]))
            bar.update(len(region))


def _starts(region: Interval, length: int, options: Options) -> npt.NDArray[np.int64]:
    """Give the starts, multiples of the step, of windows that touch a region and lie on its contig."""
    step = step_of(options)
    first = -(-max(0, region.start - options.window + 1) // step) * step
    return np.arange(first, min(region.end, length - options.window + 1), step, dtype=np.int64)


def _lines(windows: Iterator[Predicted], options: Options) -> Iterator[str]:
    yield "\t".join(["#contig", "start", "end", *options.factors]) + "\n"
    for part in windows:
        for start, row in zip(part.start.tolist(), part.bound.tolist(), strict=True):
            cells = [part.contig, str(start), str(start + options.window), *(f"{p:.4g}" for p in row)]
            yield "\t".join(cells) + "\n"


def _write_track(
    path: Path, lengths: dict[str, int], windows: Iterator[Predicted], options: Options, factor: int
) -> None:
    import pyBigWig

    step = step_of(options)
    with atomic_path(path) as aside:
        handle = pyBigWig.open(str(aside), "w")
        handle.addHeader(list(lengths.items()))
        for part in windows:
            handle.addEntries(
                part.contig,
                (part.start + (options.window - step) // 2).tolist(),
                values=part.bound[:, factor].tolist(),
                span=step,
            )
        handle.close()

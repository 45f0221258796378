"""Turn peaks into windows that are bound, and windows beside them that are not."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.tf_binding.peaks import OTHER, Labels, bound_in, read_peaks
from seqmill.applications.tf_binding.spec import (
    BOUND,
    GC_MATCHED,
    PEAK,
    SHUFFLED,
    UNBOUND,
    UNKNOWN,
    Options,
    encoding,
)
from seqmill.applications.tf_binding.windows import (
    Codes,
    around_summits,
    codes_at,
    keys_of,
    matched,
    shuffles,
)
from seqmill.genome.intervals import Interval, Regions, read_bed
from seqmill.genome.names import check_names
from seqmill.genome.reference import Reference
from seqmill.shards.bases import pack_bases
from seqmill.shards.bytes_view import fixed_rows
from seqmill.shards.order import example_id
from seqmill.shards.schema import arrow_schema


def examples(job: ExamplesJob, report: LabelReport) -> Iterator[pa.RecordBatch]:
    """Give the examples of a job as record batches.

    Parameters
    ----------
    job : ExamplesJob
        Sample, peaks, regions and options; ``files["mask"]`` is a BED of regions in which no example lies.
    report : LabelReport
        Filled with peaks used and left out by reason, and with examples by kind and by factor.

    Raises
    ------
    InputError
        When peaks or mask cannot be used, or the mask names contigs otherwise than the reference.
    """
    with Reference(job.reference) as reference:
        peaks = read_peaks(job.alignments, reference.contigs, job.options)
        mask = Regions(())
        if "mask" in job.files:
            mask = read_bed(job.files["mask"])
            check_names(job.files["mask"], mask.contigs, reference.contigs, reference=job.reference)
        for contig in dict.fromkeys(interval.contig for interval in job.intervals):
            parts = [interval for interval in job.intervals if interval.contig == contig]
            yield from _on_contig(job, parts, reference, peaks, mask, report)


def _on_contig(
    job: ExamplesJob,
    parts: Sequence[Interval],
    reference: Reference,
    peaks: pd.DataFrame,
    mask: Regions,
    report: LabelReport,
) -> Iterator[pa.RecordBatch]:
    """Give the examples on some parts of a contig; how the contig is cut into parts changes none."""
    contig, options = parts[0].contig, job.options
    there = peaks[peaks["contig"] == contig]
    ours = there[there["factor"] != OTHER]
    here = _inside(ours["summit"], parts)
    windows, removed = around_summits(ours[here], reference, options, mask)
    starts = windows["start"].tolist()
    codes = codes_at(reference, contig, starts, options)
    seen = windows.assign(start=windows["start"] + windows["moved"], end=windows["end"] + windows["moved"])
    bound = bound_in(seen, peaks, options.factors)
    others = _inside(there[there["factor"] == OTHER]["summit"], parts)
    _count(report, {"other_factor": int(others.sum()), **removed}, int(here.sum() + others.sum()), bound)
    yield from _batch(job, contig, PEAK, starts, codes, bound, report)
    measured = np.isin(np.arange(len(options.factors)), peaks["factor"])
    none = np.where(measured, UNBOUND, UNKNOWN).astype(np.uint8)
    for number in range(options.shuffled):
        shuffled = shuffles(codes, keys_of(job.seed, job.sample, contig, starts, number))
        yield from _batch(job, contig, SHUFFLED, starts, shuffled, none, report, number=number)
    if options.gc_matched:
        beyond, _ = around_summits(ours[~here], reference, options, mask)
        every = pd.concat([windows, beyond])
        drawn, missing = matched(every, there, reference, options, mask=mask, seed=job.seed)
        report.count("gc_matched_missing", missing if parts[0].start == 0 else 0)
        drawn = [start for start in drawn if any(part.start <= start < part.end for part in parts)]
        found = codes_at(reference, contig, drawn, options)
        yield from _batch(job, contig, GC_MATCHED, drawn, found, none, report)


def _count(report: LabelReport, dropped: Mapping[str, int], peaks: int, bound: Labels) -> None:
    """Count peaks, those left out by reason, and what is known of the windows around the rest."""
    report.count("peaks", peaks)
    for reason, n in dropped.items():
        report.count(f"peaks_dropped.{reason}", n)
    report.count("windows_bound_by_several", int(((bound == BOUND).sum(axis=1) > 1).sum()))
    report.count("labels_unknown", int((bound == UNKNOWN).sum()))


def _inside(positions: "pd.Series[int]", parts: Sequence[Interval]) -> npt.NDArray[np.bool_]:
    """Say which positions lie in any of the parts."""
    values = positions.to_numpy(np.int64)
    return np.any([(values >= part.start) & (values < part.end) for part in parts], axis=0)


def _batch(
    job: ExamplesJob,
    contig: str,
    kind: str,
    starts: Sequence[int],
    codes: Codes,
    bound: Labels,
    report: LabelReport,
    *,
    number: int = 0,
) -> Iterator[pa.RecordBatch]:
    """Give windows of one kind as a batch, unless there are none."""
    n = len(starts)
    if not n:
        return
    split = (job.splits.of(job.sample, contig) if job.splits else None) or "predict"
    options: Options = job.options
    labels = np.broadcast_to(bound, (n, len(options.factors)))
    report.label(split, kind, n)
    for factor, name in enumerate(options.factors):
        report.label(split, f"bound.{name}", int((labels[:, factor] == BOUND).sum()))
    first = np.asarray(starts, np.int32)
    yield pa.RecordBatch.from_arrays(
        [
            pa.array([example_id(job.sample, contig, start, kind, number) for start in starts], pa.uint64()),
            pa.repeat(job.sample, n),
            pa.repeat(contig, n),
            pa.array(first),
            pa.array(first + np.int32(options.window)),
            pa.repeat(split, n),
            pa.array(np.ones(n, np.float32)),
            pa.repeat(kind, n),
            fixed_rows(labels),
            fixed_rows(pack_bases(codes)),
        ],
        schema=arrow_schema(encoding(options)),
    )

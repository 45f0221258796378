"""Stream reads over sites of the genome into examples."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.methylation.levels import Levels, open_levels
from seqmill.applications.methylation.spec import MODIFIED, Options, encoding
from seqmill.applications.methylation.windows import carries, in_contexts, inside, is_known, windows_at
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.shards.bases import pack_bases
from seqmill.shards.bytes_view import fixed_rows
from seqmill.shards.order import example_id, order_key
from seqmill.shards.schema import arrow_schema

_TOGETHER = 1 << 18  # bases of the genome whose sites are held at once

Chosen = npt.NDArray[np.bool_]


def examples(job: ExamplesJob, report: LabelReport) -> Iterator[pa.RecordBatch]:
    """Give the examples of a job as record batches, a row for each site of a strand.

    A site weighs as much as it has calls, over all marks.

    Parameters
    ----------
    job : ExamplesJob
        Sample, reads, regions and options.
    report : LabelReport
        Filled with what became of the reads, and with sites given and left out, by reason. A read that
        reaches over a border at which the genome was cut counts on either side.

    Raises
    ------
    InputError
        When the reads do not carry the tags.
    """
    with (
        Reference(job.reference) as reference,
        open_levels(job.alignments, job.reference, job.options) as reader,
    ):
        for interval in job.intervals:
            for start in range(interval.start, interval.end, _TOGETHER):
                part = Interval(interval.contig, start, min(start + _TOGETHER, interval.end))
                levels = reader.levels(part.contig, part.start, part.end)
                for name, n in levels.reads.items():
                    report.count(name, n)
                yield from _encode(job, part.contig, levels, reference, report)


def is_drawn(contig: str, levels: Levels, share: float) -> Chosen:
    """Say which sites belong to a share of all, by contig, position and strand alone."""
    places = (levels.position.astype(np.uint64) << np.uint64(1)) | (levels.strand < 0).astype(np.uint64)
    keys = order_key(example_id("share of sites", contig), places)
    return keys <= np.uint64(min(int(share * 2.0**64), 2**64 - 1))


def _encode(
    job: ExamplesJob, contig: str, levels: Levels, reference: Reference, report: LabelReport
) -> Iterator[pa.RecordBatch]:
    """Give one batch, or none where no site is left."""
    options: Options = job.options
    rows = np.flatnonzero(_counted(report, "not_drawn", is_drawn(contig, levels, options.share)))
    covered = levels.coverage >= options.min_coverage
    rows = rows[_counted(report, "low_coverage", covered[rows].any(axis=1))]
    length = reference.contigs[contig]
    rows = rows[_counted(report, "over_contig_end", inside(levels.position[rows], length, options))]
    windows = windows_at(reference, contig, levels.position[rows], levels.strand[rows], options)
    known = covered[rows] & carries(windows, options)
    for reason, among in (
        ("other_base", known.any(axis=1)),
        ("other_context", in_contexts(windows, options)),
        ("unknown_bases", is_known(windows)),
    ):
        rows = np.where(_counted(report, reason, among | (rows < 0)), rows, -1)
    left = rows >= 0
    if left.any():
        yield _batch(job, contig, levels, rows[left], windows[left], known[left], report)


def _counted(report: LabelReport, reason: str, among: Chosen) -> Chosen:
    report.count(f"sites_dropped.{reason}", int((~among).sum()))
    return among


def _batch(
    job: ExamplesJob,
    contig: str,
    levels: Levels,
    rows: npt.NDArray[np.int64],
    windows: npt.NDArray[np.uint8],
    known: Chosen,
    report: LabelReport,
) -> pa.RecordBatch:
    options: Options = job.options
    split = (job.splits.of(job.sample, contig) if job.splits else None) or "predict"
    position, strand = levels.position[rows], levels.strand[rows]
    level = np.where(known, levels.level[rows], 0).astype(np.float32)
    coverage = np.where(known, levels.coverage[rows], 0).astype(np.float32)
    for column, mark in enumerate(options.marks):
        report.label(split, mark, int(known[:, column].sum()))
        report.label(split, f"{mark} modified", int((level[:, column] >= MODIFIED).sum()))
    places = zip(position.tolist(), strand.tolist(), strict=True)
    n = len(rows)
    return pa.RecordBatch.from_arrays(
        [
            pa.array([example_id(job.sample, contig, *place) for place in places], pa.uint64()),
            pa.repeat(job.sample, n),
            pa.repeat(contig, n),
            pa.array(position.astype(np.int32)),
            pa.array((position + 1).astype(np.int32)),
            pa.repeat(split, n),
            pa.array(np.minimum(coverage, options.max_weight).sum(axis=1)),
            pa.array(np.where(strand < 0, "-", "+")),
            *(pa.array(column) for column in level.T),
            *(pa.array(column) for column in coverage.T),
            fixed_rows(pack_bases(windows)),
        ],
        schema=arrow_schema(encoding(options)),
    )

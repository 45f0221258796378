"""Levels and the DNA around the start of transcription, as examples."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.expression.levels import Target, targets
from seqmill.applications.expression.spec import Options, encoding
from seqmill.genome.bases import reverse_complement
from seqmill.genome.reference import Reference
from seqmill.genome.regions import Point, Window, windows_around
from seqmill.shards.bases import pack_bases
from seqmill.shards.bytes_view import fixed_rows
from seqmill.shards.order import example_id
from seqmill.shards.schema import arrow_schema

MOST_UNKNOWN = 0.1
"""Share of an example that may be without known bases."""

_TOGETHER = 4096  # examples of a record batch


def examples(job: ExamplesJob, report: LabelReport) -> Iterator[pa.RecordBatch]:
    """Give the examples of a job as record batches.

    Parameters
    ----------
    job : ExamplesJob
        Sample, reads or regions, annotation and options.
    report : LabelReport
        Filled with what was counted, given and left out.

    Raises
    ------
    InputError
        When reads, annotation or regions cannot be used.
    """
    with Reference(job.reference) as reference:
        found = targets(job, report, reference)
        windows, removed = usable([target.point for target in found], reference, job.options)
        for reason, n in removed.items():
            report.count(f"examples_dropped.{reason}", n)
        for at in range(0, len(windows), _TOGETHER):
            yield _encode(job, windows[at : at + _TOGETHER], found, reference, report)


def usable(
    points: list[Point], reference: Reference, options: Options
) -> tuple[list[Window], dict[str, int]]:
    """Give the windows that can be read; the name of each is the place of its point.

    Returns
    -------
    windows : list of Window
        In the order of their points.
    removed : dict
        Reason -> how many were left out.
    """
    numbered = [point._replace(name=str(at)) for at, point in enumerate(points)]
    found = windows_around(
        numbered,
        reference,
        upstream=options.upstream,
        downstream=options.downstream,
        max_unknown=MOST_UNKNOWN,
    )
    return list(found.kept), {reason: n for reason, n in found.removed.items() if n}


def read_codes(windows: list[Window], reference: Reference) -> npt.NDArray[np.uint8]:
    """Give the base codes of windows in the direction of transcription, uint8 [n, width]."""
    codes = [reference.codes(one.contig, one.start, one.end) for one in windows]
    turned = [
        reverse_complement(own) if one.strand == "-" else own for own, one in zip(codes, windows, strict=True)
    ]
    return np.stack(turned)


def _encode(
    job: ExamplesJob, windows: list[Window], found: list[Target], reference: Reference, report: LabelReport
) -> pa.RecordBatch:
    of_windows = [found[int(one.name)] for one in windows]
    splits = [(job.splits.of(job.sample, one.contig) if job.splits else None) or "predict" for one in windows]
    for split in splits:
        report.label(split, "promoters")
    ids = [
        example_id(job.sample, one.contig, one.start, one.strand, target.point.name)
        for one, target in zip(windows, of_windows, strict=True)
    ]
    return pa.RecordBatch.from_arrays(
        [
            pa.array(ids, pa.uint64()),
            pa.repeat(job.sample, len(windows)),
            pa.array([one.contig for one in windows]),
            pa.array([one.start for one in windows], pa.int32()),
            pa.array([one.end for one in windows], pa.int32()),
            pa.array(splits),
            pa.array(np.ones(len(windows), np.float32)),
            pa.array([target.level for target in of_windows], pa.float32()),
            pa.array([-1 if one.strand == "-" else 1 for one in windows], pa.int8()),
            pa.array([target.point.name for target in of_windows], pa.string()),
            pa.array([target.group for target in of_windows], pa.string()),
            fixed_rows(pack_bases(read_codes(windows, reference))),
        ],
        schema=arrow_schema(encoding(job.options)),
    )

"""Stream regions of a genome into examples."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.masked_bases.spec import Options, encoding
from seqmill.applications.masked_bases.tiles import enough_known, tiles_in
from seqmill.genome.bases import AMBIGUOUS
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.labelled import read_labelled
from seqmill.genome.reference import Reference, codes_over
from seqmill.shards.bases import pack_bases
from seqmill.shards.bytes_view import fixed_rows
from seqmill.shards.order import example_id
from seqmill.shards.schema import arrow_schema

_TOGETHER = 200


def examples(job: ExamplesJob, report: LabelReport) -> Iterator[pa.RecordBatch]:
    """Give the examples of a job as record batches, a stretch of a region each.

    Parameters
    ----------
    job : ExamplesJob
        Sample, staged regions, reference and options.
    report : LabelReport
        Filled with examples given and left out, and with bases that are unknown or belong to no example.
    """
    options: Options = job.options
    with Reference(job.reference) as reference:
        for interval in job.intervals:
            whole = Interval(interval.contig, 0, reference.contigs[interval.contig])
            rows = read_labelled(job.alignments, [whole])
            regions = Regions(map(Interval, rows["contig"], rows["start"].tolist(), rows["end"].tolist()))
            tiles = tiles_in(regions, interval, options)
            report.count("bases_dropped.rest_of_region", tiles.rest)
            for at in range(0, len(tiles.starts), _TOGETHER):
                batch = _encode(job, interval.contig, tiles.starts[at : at + _TOGETHER], reference, report)
                if batch.num_rows:
                    yield batch


def _encode(
    job: ExamplesJob,
    contig: str,
    starts: npt.NDArray[np.int64],
    reference: Reference,
    report: LabelReport,
) -> pa.RecordBatch:
    options: Options = job.options
    codes = np.stack(
        [
            codes_over(reference, contig, start - options.flank, start + options.span + options.flank)
            for start in starts.tolist()
        ]
    )
    kept = enough_known(codes, options)
    report.count("examples_dropped.unknown_bases", int((~kept).sum()))
    codes, starts, n = codes[kept], starts[kept], int(kept.sum())
    inner = codes[:, options.flank : options.flank + options.span]
    report.count("bases_not_asked.unknown", int((inner == AMBIGUOUS).sum()))
    split = (job.splits.of(job.sample, contig) if job.splits else None) or "predict"
    if n:
        report.label(split, "examples", n)
    return pa.RecordBatch.from_arrays(
        [
            pa.array([example_id(job.sample, contig, start) for start in starts.tolist()], pa.uint64()),
            pa.repeat(job.sample, n),
            pa.repeat(contig, n),
            pa.array(starts.astype(np.int32)),
            pa.array((starts + options.span).astype(np.int32)),
            pa.repeat(split, n),
            pa.array(np.ones(n, np.float32)),
            fixed_rows(pack_bases(codes)),
        ],
        schema=arrow_schema(encoding(options)),
    )

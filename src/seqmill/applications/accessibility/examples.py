"""Stream reads over tiles of the genome into examples."""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seqmill.applications.accessibility.ends import EndReader, count_ends, open_ends
from seqmill.applications.accessibility.spec import Options, encoding
from seqmill.applications.accessibility.tiles import (
    MASKED,
    MOST,
    REASONS,
    clipped,
    cut,
    in_groups,
    missing_over,
    missing_windows,
    stretch,
    tile_starts,
)
from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.errors import InputError, nearest
from seqmill.genome.intervals import Regions, read_bed
from seqmill.genome.names import check_names
from seqmill.genome.reference import Reference, codes_over
from seqmill.shards.bases import pack_bases
from seqmill.shards.bytes_view import fixed_rows
from seqmill.shards.order import example_id
from seqmill.shards.schema import arrow_schema


def examples(job: ExamplesJob, report: LabelReport) -> Iterator[pa.RecordBatch]:
    """Give the examples of a job as record batches, a tile of the genome each.

    Parameters
    ----------
    job : ExamplesJob
        Sample, reads, regions and options; ``files["mask"]`` is a BED of regions without a count.
    report : LabelReport
        Filled with ends counted and left out, tiles given and left out.

    Raises
    ------
    InputError
        When reads or mask cannot be used, or name contigs otherwise than the reference, or the sample
        belongs to no track.
    """
    with (
        Reference(job.reference) as reference,
        open_ends(job.alignments, job.reference, job.options) as reader,
    ):
        mask = Regions(())
        if "mask" in job.files:
            mask = read_bed(job.files["mask"])
            check_names(job.files["mask"], mask.contigs, reference.contigs, reference=job.reference)
        for interval in job.intervals:
            for starts in in_groups(tile_starts(interval.start, interval.end, job.options)):
                batch = _encode(job, interval.contig, starts, reference, reader, mask, report)
                if batch.num_rows:
                    yield batch


def track_of(job: ExamplesJob) -> int:
    """Give the place of a sample's track, which its condition names; 0 where there are no tracks.

    Raises
    ------
    InputError
        When its condition is none of the tracks.
    """
    tracks = job.options.tracks
    if tracks and job.condition not in tracks:
        raise InputError(
            f"sample '{job.sample}': condition '{job.condition}' is none of options.tracks"
            f"{nearest(job.condition, tracks)}, which are {', '.join(tracks)}; add it to them, or take the "
            "sample out of the splits"
        )
    return tracks.index(job.condition) if tracks else 0


def relative_coverage(contig: str, depths: Mapping[str, float], lengths: Mapping[str, int]) -> float:
    """Give a contig's median depth over the typical one, which is the contigs' median weighted by length.

    1 where nothing was measured, as on a contig without reads.
    """
    known = [(depth, lengths[name]) for name, depth in depths.items() if depth > 0 and name in lengths]
    if depths.get(contig, 0.0) <= 0 or not known:
        return 1.0
    ordered = sorted(known)
    reached = np.cumsum([length for _, length in ordered])
    typical = ordered[int(np.searchsorted(reached, reached[-1] / 2))][0]
    return depths[contig] / typical


def _encode(
    job: ExamplesJob,
    contig: str,
    starts: npt.NDArray[np.int64],
    reference: Reference,
    reader: EndReader,
    mask: Regions,
    report: LabelReport,
) -> pa.RecordBatch:
    options: Options = job.options
    track = track_of(job)
    length = reference.contigs[contig]
    first, last = stretch(starts, options)
    positions, _, _ = reader.ends(contig, first, last)
    counts = count_ends(positions, first, last)
    bases = codes_over(reference, contig, first, last)
    missing = missing_over(contig, length, first, bases, mask)
    _report(job, contig, starts, reader, counts, missing, report)
    ends = clipped(counts)
    ends[missing > 0] = MASKED
    tiles, codes = cut(ends, options), cut(bases, options)
    inner = tiles[:, options.flank : options.flank + options.span]
    kept = (inner != MASKED).any(axis=1)
    report.count("tiles_dropped.without_count", int((~kept).sum()))
    split = (job.splits.of(job.sample, contig) if job.splits else None) or "predict"
    starts, n = starts[kept], int(kept.sum())
    if n:
        report.label(split, options.tracks[track] if options.tracks else "tiles", n)
    coverage = (
        relative_coverage(contig, job.contig_depth, reference.contigs) if options.contig_coverage else 1.0
    )
    return pa.RecordBatch.from_arrays(
        [
            pa.array([example_id(job.sample, contig, start) for start in starts.tolist()], pa.uint64()),
            pa.repeat(job.sample, n),
            pa.repeat(contig, n),
            pa.array(starts.astype(np.int32)),
            pa.array(np.minimum(starts + options.span, length).astype(np.int32)),
            pa.repeat(split, n),
            pa.array(np.ones(n, np.float32)),
            *([pa.array(np.full(n, track, np.int8))] if options.tracks else ()),
            pa.array(np.full(n, coverage, np.float32)),
            fixed_rows(pack_bases(codes[kept])),
            fixed_rows(tiles[kept]),
        ],
        schema=arrow_schema(encoding(options)),
    )


def _report(
    job: ExamplesJob,
    contig: str,
    starts: npt.NDArray[np.int64],
    reader: EndReader,
    counts: npt.NDArray[np.int64],
    missing: npt.NDArray[np.uint8],
    report: LabelReport,
) -> None:
    """Count the ends and the windows of the tiles themselves, each once."""
    begin, stop = int(starts[0]), int(starts[-1]) + job.options.span
    _, _, reasons = reader.ends(contig, begin, stop)
    flank = job.options.flank
    inner, why = counts[flank : len(counts) - flank], missing[flank : len(missing) - flank]
    hidden = np.bincount(why, inner, minlength=len(REASONS)).astype(int).tolist()
    report.count("ends_counted", reasons.pop("counted", 0) - sum(hidden[1:]))
    for name, n in list(zip(REASONS, hidden, strict=True))[2:]:
        report.count(f"ends_dropped.{name}", n)
    report.count("ends_clipped", int(np.maximum(inner[why == 0] - MOST, 0).sum()))
    windows = missing_windows(missing[flank:], len(starts), job.options)
    report.count("windows", windows.pop(REASONS[0]))
    for name, n in windows.items():
        report.count(f"windows_dropped.{name}", n)
    for reason, n in reasons.items():
        report.count(f"ends_dropped.{reason}", n)

"""Examples cut out of labelled stretches, read as their strand runs."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.splicing.labels import CLASSES, MASKED, Bytes, Labels
from seqmill.applications.splicing.spec import Options, encoding
from seqmill.genome.bases import reverse_complement
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference, codes_over
from seqmill.shards.bases import pack_bases
from seqmill.shards.bytes_view import fixed_rows
from seqmill.shards.order import example_id
from seqmill.shards.schema import arrow_schema

TOGETHER = 256


class Span(NamedTuple):
    """Labelled bases of one strand; `sites` run along the forward strand from `start` on."""

    start: int
    strand: str
    sites: Bytes


def cut(labels: Labels, strand: str, interval: Interval, span: int) -> Iterator[Span]:
    """Cut the genes of a strand into spans, and give those that begin in an interval."""
    for first, last in labels.genes:
        before = max(interval.start - first, 0)
        for start in range(first - (-before // span) * span, min(last, interval.end), span):
            sites = labels.over(start, start + span)
            sites[max(last - start, 0) :] = MASKED  # the next gene has spans of its own
            yield Span(start, strand, sites)


def in_groups(spans: Iterator[Span]) -> Iterator[list[Span]]:
    """Give spans a few at a time."""
    held: list[Span] = []
    for one in spans:
        held.append(one)
        if len(held) == TOGETHER:
            yield held
            held = []
    if held:
        yield held


def encode(
    job: ExamplesJob, contig: str, spans: Sequence[Span], reference: Reference, report: LabelReport
) -> pa.RecordBatch:
    """Give spans of a contig as a record batch; those without any label are left out."""
    options: Options = job.options
    split = (job.splits.of(job.sample, contig) if job.splits else None) or "predict"
    kept = [one for one in spans if (one.sites != MASKED).any()]
    report.count("spans_dropped.no_label", len(spans) - len(kept))
    sequences = np.empty((len(kept), options.width), np.uint8)
    sites = np.empty((len(kept), options.span), np.uint8)
    for row, one in enumerate(kept):
        codes = codes_over(
            reference, contig, one.start - options.flank, one.start + options.span + options.flank
        )
        turned = one.strand == "-"
        sequences[row] = reverse_complement(codes) if turned else codes
        sites[row] = one.sites[::-1] if turned else one.sites
    for code, name in enumerate(CLASSES):
        report.label(split, name, int((sites == code).sum()))
    report.count("bases_masked", int((sites == MASKED).sum()))
    starts = np.array([one.start for one in kept], np.int32)
    n = len(kept)
    return pa.RecordBatch.from_arrays(
        [
            pa.array([example_id(job.sample, contig, one.start, one.strand) for one in kept], pa.uint64()),
            pa.array([job.sample] * n, pa.string()),
            pa.array([contig] * n, pa.string()),
            pa.array(starts),
            pa.array(starts + np.int32(options.span)),
            pa.array([split] * n, pa.string()),
            pa.array(np.ones(n, np.float32)),
            pa.array(np.array([1 if one.strand == "+" else -1 for one in kept], np.int8)),
            fixed_rows(pack_bases(sequences)),
            fixed_rows(sites),
        ],
        schema=arrow_schema(encoding(options)),
    )

"""Stream alignments window by window into labelled, encoded examples."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.small_variants.candidates import (
    Candidates,
    Texts,
    allele_strings,
    allele_texts,
    find_candidates,
)
from seqmill.applications.small_variants.encode import encode_window
from seqmill.applications.small_variants.identity import example_ids
from seqmill.applications.small_variants.labels import UNLABELLED, Truth, label_candidates, read_truth
from seqmill.applications.small_variants.repeats import LONGEST
from seqmill.applications.small_variants.scan import PAD, Scan, scan_window
from seqmill.applications.small_variants.spec import SCALARS, Options, encoding
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele
from seqmill.reads.columns import ReadColumns
from seqmill.reads.depths import keep_fraction
from seqmill.reads.names import hash_names, keep_threshold
from seqmill.reads.reader import AlignmentReader
from seqmill.shards.cells import pack_cells
from seqmill.shards.order import order_key
from seqmill.shards.schema import arrow_schema

WINDOW = 100_000  # bases decoded at once
PREDICT = "predict"


class _Window(NamedTuple):
    """A window's span, the stretch whose candidates decide its labels, and its reads at one depth."""

    contig: str
    start: int
    end: int
    first: int
    last: int
    depth: str
    reads: ReadColumns


def examples(job: ExamplesJob, report: LabelReport) -> Iterator[pa.RecordBatch]:
    """Give the examples of a job as record batches, one for each window and depth.

    Parameters
    ----------
    job : ExamplesJob
        Sample, alignments, regions, truth and options. Without a truth every candidate is given, unlabelled.
    report : LabelReport
        Filled with class counts by split and the truth reached and missed.

    Raises
    ------
    InputError
        When the alignments, truth or regions cannot be used, or a depth exceeds the measured one.
    """
    with (
        Reference(job.reference) as reference,
        AlignmentReader(job.alignments, reference=job.reference) as reader,
    ):
        truth = None
        if job.labels:
            truth = read_truth(
                job.labels["truth"], job.labels["confident"], reference, job.sample, near=job.intervals
            )
        for interval in job.intervals:
            for window in _windows(job, interval, reader, reference, truth):
                batch = _encode(job, window, reference, truth, report)
                if batch.num_rows:
                    yield batch


def _windows(
    job: ExamplesJob,
    interval: Interval,
    reader: AlignmentReader,
    reference: Reference,
    truth: Truth | None,
) -> Iterator[_Window]:
    contig = interval.contig
    spans = {}
    for start in range(interval.start, interval.end, WINDOW):
        end = min(start + WINDOW, interval.end)
        spans[start] = (start, end) if truth is None else truth.reach(contig, start, end, reference)
    beyond = max(
        max(start - first, last - min(start + WINDOW, interval.end)) for start, (first, last) in spans.items()
    )
    fractions = {depth: keep_fraction(depth, job.mean_depth, job.sample) for depth in job.depths}
    for start, end, reads in reader.windows(
        contig,
        interval.start,
        interval.end,
        size=WINDOW,
        margin=beyond + PAD,
        min_mapq=job.options.min_mapping_quality,
    ):
        with_bases, hashes = reads.length > 0, None
        if min(fractions.values()) < 1:
            hashes = hash_names(reads.buffer, reads.name_at, reads.name_length, job.seed)
        for depth, fraction in fractions.items():
            keep = with_bases if hashes is None else with_bases & (hashes <= keep_threshold(fraction))
            kept = reads if keep.all() else reads.select(keep)
            yield _Window(contig, start, end, *spans[start], depth, kept)


def _encode(
    job: ExamplesJob, window: _Window, reference: Reference, truth: Truth | None, report: LabelReport
) -> pa.RecordBatch:
    options: Options = job.options
    contig, first, last, reads = window.contig, window.first, window.last, window.reads
    length = reference.contigs[contig]
    origin = max(0, min(first - LONGEST, int(reads.start.min(initial=first))))
    beyond = max(last, int(reads.end.max(initial=last)) + options.max_indel + 2)
    codes = reference.codes(contig, origin, min(length, max(last + LONGEST, beyond)))
    scan = scan_window(reads, codes, origin, options, start=first, end=last)
    candidates = find_candidates(scan, first, last, options)
    labels = np.full(len(candidates.position), UNLABELLED, np.int8)
    split = PREDICT
    chosen = (candidates.position >= window.start) & (candidates.position < window.end)
    if truth is not None:
        assert job.splits is not None
        split = job.splits.of(job.sample, contig) or PREDICT
        labels = _labels(window, candidates, scan, reference, truth, report)
        chosen &= labels != UNLABELLED
    candidates, labels = candidates.select(chosen), labels[chosen]
    ref, alt = allele_texts(candidates, codes, origin)
    ids = example_ids((job.sample, window.depth, contig), candidates.position, ref, alt)
    weight = np.ones(len(ids), np.float32)
    share = options.train_reference_fraction
    if split == "train" and share < 1:
        plain = labels == 0
        kept = ~plain | (order_key(job.seed, ids) <= keep_threshold(share))
        weight[plain] = 1.0 / share
        candidates, labels, ids, weight = candidates.select(kept), labels[kept], ids[kept], weight[kept]
        ref, alt = allele_texts(candidates, codes, origin)
    for label, count in zip(*np.unique(labels, return_counts=True), strict=True):
        report.label(split, str(label), int(count))
    pileups = encode_window(reads, scan, candidates, options, seed=job.seed)
    packed, packed_at = pack_cells(pileups.payload, pileups.payload_at, cells=options.columns, plain=SCALARS)
    n = len(ids)
    columns = [
        pa.array(ids),
        pa.repeat(job.sample, n),
        pa.repeat(contig, n),
        pa.array(candidates.position),
        pa.array(candidates.position + np.diff(ref.at)),
        pa.repeat(split, n),
        pa.array(weight),
        pa.array(labels),
        _strings(ref),
        _strings(alt),
        pa.repeat(window.depth, n),
        pa.array(pileups.reads),
        pa.array(pileups.support),
        pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), n, [None, pa.py_buffer(packed_at), pa.py_buffer(packed)]
        ),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=arrow_schema(encoding(options)))


def _labels(
    window: _Window,
    candidates: Candidates,
    scan: Scan,
    reference: Reference,
    truth: Truth,
    report: LabelReport,
) -> np.ndarray:
    strings = allele_strings(candidates, scan.reference, scan.origin)
    alleles = [
        Allele(window.contig, at, *pair)
        for at, pair in zip(candidates.position.tolist(), strings, strict=True)
    ]
    return label_candidates(
        alleles,
        truth,
        reference,
        contig=window.contig,
        start=window.start,
        end=window.end,
        report=report,
    )


def _strings(texts: Texts) -> pa.StringArray:
    return pa.StringArray.from_buffers(len(texts.at) - 1, pa.py_buffer(texts.at), pa.py_buffer(texts.letters))

"""Stream alignments window by window into labelled, encoded examples."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.small_variants.candidates import (
    PAD,
    Candidates,
    Scan,
    allele_strings,
    find_candidates,
    scan_window,
)
from seqmill.applications.small_variants.encode import Pileups, encode_window
from seqmill.applications.small_variants.labels import UNLABELLED, Truth, label_candidates, read_truth
from seqmill.applications.small_variants.spec import Options, encoding
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele
from seqmill.reads.columns import ReadColumns, read_columns
from seqmill.reads.depths import keep_fraction
from seqmill.reads.names import hash_names, keep_threshold
from seqmill.shards.order import example_id, order_key
from seqmill.shards.schema import arrow_schema

WINDOW = 100_000  # bases decoded at once
MARGIN = 100  # bases beyond a window over which haplotypes are labelled
PREDICT = "predict"


@dataclass(frozen=True)
class _Window:
    """A window's span and its reads at one depth."""

    contig: str
    start: int
    end: int
    depth: str
    reads: ReadColumns
    hashes: np.ndarray


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
    with Reference(job.reference) as reference:
        truth = None
        if job.truth is not None and job.confident is not None:
            truth = read_truth(job.truth, job.confident, reference, job.sample)
        for interval in job.intervals:
            for start in range(interval.start, interval.end, WINDOW):
                piece = Interval(interval.contig, start, min(start + WINDOW, interval.end))
                for window in _depths(job, piece, reference):
                    batch = _encode(job, window, reference, truth, report)
                    if batch.num_rows:
                        yield batch


def _depths(job: ExamplesJob, piece: Interval, reference: Reference) -> Iterator[_Window]:
    length = reference.contigs[piece.contig]
    reads = read_columns(
        job.alignments,
        piece.contig,
        max(0, piece.start - MARGIN),
        min(length, piece.end + MARGIN),
        reference=job.reference,
        min_mapq=job.options.min_mapping_quality,
    )
    hashes = hash_names(reads.buffer, reads.name_at, reads.name_length, job.seed)
    for depth in job.depths:
        keep = hashes <= keep_threshold(keep_fraction(depth, job.mean_depth, job.sample))
        yield _Window(piece.contig, piece.start, piece.end, depth, reads.select(keep), hashes[keep])


def _encode(
    job: ExamplesJob, window: _Window, reference: Reference, truth: Truth | None, report: LabelReport
) -> pa.RecordBatch:
    options: Options = job.options
    length = reference.contigs[window.contig]
    first, last = max(0, window.start - MARGIN), min(length, window.end + MARGIN)
    origin = max(0, first - PAD)
    codes = reference.codes(window.contig, origin, min(length, last + PAD))
    scan = scan_window(window.reads, codes, origin, options)
    candidates = find_candidates(scan, first, last, options)
    strings = allele_strings(candidates, codes, origin)
    split = PREDICT
    if truth is None:
        labels = np.full(len(strings), UNLABELLED, np.int8)
        chosen = np.ones(len(strings), bool)
    else:
        assert job.splits is not None
        split = job.splits.of(job.sample, window.contig) or PREDICT
        alleles = [
            Allele(window.contig, int(at), *pair)
            for at, pair in zip(candidates.position, strings, strict=True)
        ]
        labels = label_candidates(
            alleles,
            truth,
            reference,
            contig=window.contig,
            start=window.start,
            end=window.end,
            margin=MARGIN,
            report=report,
        )
        chosen = labels != UNLABELLED
    chosen &= (candidates.position >= window.start) & (candidates.position < window.end)
    ids = np.zeros(len(strings), np.uint64)
    for row in np.flatnonzero(chosen):
        ids[row] = example_id(
            job.sample, window.depth, window.contig, int(candidates.position[row]), *strings[row]
        )
    weight = np.ones(len(strings), np.float32)
    if split == "train" and options.train_reference_fraction < 1:
        share = options.train_reference_fraction
        plain = labels == 0
        chosen &= ~plain | (order_key(job.seed, ids) <= keep_threshold(share))
        weight[plain] = 1.0 / share
    return _batch(
        job,
        window,
        scan=scan,
        candidates=candidates.select(chosen),
        strings=[strings[row] for row in np.flatnonzero(chosen)],
        ids=ids[chosen],
        labels=labels[chosen],
        weight=weight[chosen],
        split=split,
        report=report,
    )


def _batch(
    job: ExamplesJob,
    window: _Window,
    *,
    scan: Scan,
    candidates: Candidates,
    strings: list[tuple[str, str]],
    ids: np.ndarray,
    labels: np.ndarray,
    weight: np.ndarray,
    split: str,
    report: LabelReport,
) -> pa.RecordBatch:
    pileups: Pileups = encode_window(
        window.reads, window.hashes, scan, candidates, job.options, seed=job.seed
    )
    n = len(strings)
    ends = candidates.position + np.array([len(ref) for ref, _ in strings], np.int32)
    for label, count in zip(*np.unique(labels, return_counts=True), strict=True):
        report.label(split, str(label), int(count))
    payload = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), n, [None, pa.py_buffer(pileups.payload_at), pa.py_buffer(pileups.payload)]
    )
    columns = [
        pa.array(ids),
        pa.repeat(job.sample, n),
        pa.repeat(window.contig, n),
        pa.array(candidates.position),
        pa.array(ends.astype(np.int32)),
        pa.repeat(split, n),
        pa.array(weight),
        pa.array(labels),
        pa.array([ref for ref, _ in strings], pa.string()),
        pa.array([alt for _, alt in strings], pa.string()),
        pa.repeat(window.depth, n),
        pa.array(pileups.reads),
        pa.array(pileups.support),
        payload,
    ]
    return pa.RecordBatch.from_arrays(columns, schema=arrow_schema(encoding(job.options)))

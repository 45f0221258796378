"""Stream RNA reads, or labelled windows, into examples."""

from collections.abc import Iterator

import pyarrow as pa

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.splicing.genes import STRANDS, GeneLabels
from seqmill.applications.splicing.spans import Span, cut, encode, in_groups
from seqmill.applications.splicing.windows import labelled_windows
from seqmill.errors import InputError
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference


def examples(job: ExamplesJob, report: LabelReport) -> Iterator[pa.RecordBatch]:
    """Give the examples of a job as record batches.

    Parameters
    ----------
    job : ExamplesJob
        Sample, regions and options. Its reads are RNA alignments, or a table of labelled windows;
        ``files["annotation"]`` is a GTF or GFF3.
    report : LabelReport
        Filled with junctions, labelled bases, and what was left out.

    Raises
    ------
    InputError
        When reads, table or annotation cannot be used, or labels are wanted of an annotation that is not
        given.
    """
    annotation = job.files.get("annotation")
    if job.options.evidence != "reads" and annotation is None:
        raise InputError(
            f"options.evidence: found '{job.options.evidence}' without an annotation; name a GTF or GFF3 "
            "under files.annotation, or take the sites from reads"
        )
    with Reference(job.reference) as reference:
        if job.alignments.name.endswith(".bed.gz"):
            spans = labelled_windows(job.alignments, job.intervals, reference, job.options, report)
        else:
            labels = GeneLabels(job.alignments, reference, annotation, job.options)
            spans = ((interval, _of_genes(labels, interval, job, report)) for interval in job.intervals)
        for interval, found in spans:
            for group in in_groups(found):
                batch = encode(job, interval.contig, group, reference, report)
                if batch.num_rows:
                    yield batch


def _of_genes(
    labels: GeneLabels, interval: Interval, job: ExamplesJob, report: LabelReport
) -> Iterator[Span]:
    """Give the spans of one interval, the forward strand first."""
    of_contig = labels.of(interval.contig, report if interval.start == 0 else LabelReport())
    for strand in STRANDS:
        yield from cut(of_contig[strand], strand, interval, job.options.span)

"""Pairs of cell line and drug as examples."""

from collections.abc import Iterator

import pyarrow as pa

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.drug_response.spec import LABEL, encoding
from seqmill.applications.profiled.examples import row_batches


def examples(job: ExamplesJob, report: LabelReport) -> Iterator[pa.RecordBatch]:
    """Give the pairs of a sample that lie in the job's folds; see `row_batches`."""
    return row_batches(job, report, encoding=encoding(job.options), labels=[LABEL])

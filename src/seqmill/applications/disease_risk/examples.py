"""Persons with an outcome as examples."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.disease_risk.outcomes import LABELS, TIME, check_labels
from seqmill.applications.disease_risk.spec import encoding
from seqmill.applications.profiled.components import asked_of, check_components
from seqmill.applications.profiled.examples import row_batches
from seqmill.profiles.index import ProfileIndex
from seqmill.profiles.rows import LABEL, read_written


def examples(job: ExamplesJob, report: LabelReport) -> Iterator[pa.RecordBatch]:
    """Give the persons of a sample that lie in the job's folds; see `row_batches`.

    Raises
    ------
    InputError
        When the sample has no such label, `check_labels` refuses the values of one, or the table cannot give
        the components asked for.
    """
    asked = asked_of(vars(job.options))
    if asked is not None:
        check_components(asked, ProfileIndex(job.reference).layout["profiles"], where=job.reference)
    rows, labels = read_written(job.alignments), LABELS[job.options.outcome]
    named = [name for name in labels if f"{LABEL}{name}" in rows.schema.names]
    there = {name: rows[f"{LABEL}{name}"].to_numpy() for name in named}
    refused = {}
    if TIME in there and job.options.unobserved == "leave_out":
        refused["unobserved"] = there[TIME] <= 0
        there = {name: np.where(refused["unobserved"], np.nan, values) for name, values in there.items()}
    where = f"{job.alignments}: sample '{job.sample}'"
    check_labels(there, rows["profile_id"].to_pylist(), where=where, prefix=LABEL)
    yield from row_batches(
        job, report, encoding=encoding(job.options), labels=labels, complete=True, refused=refused
    )

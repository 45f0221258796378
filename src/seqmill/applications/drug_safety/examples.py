"""Molecules with a label for each task as examples."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.drug_safety.spec import encoding
from seqmill.applications.profiled.examples import row_batches
from seqmill.errors import InputError


def examples(job: ExamplesJob, report: LabelReport) -> Iterator[pa.RecordBatch]:
    """Give the molecules of a sample that lie in the job's folds; see `row_batches`.

    The report counts for each split and task ``TASK toxic`` and ``TASK not``.

    Raises
    ------
    InputError
        When a label is neither 0 nor 1.
    """
    tasks = job.options.tasks
    for batch in row_batches(job, report, encoding=encoding(job.options), labels=tasks):
        splits = np.array(batch["split"].to_pylist())
        for task in tasks:
            labels = batch[task].to_numpy()
            other = ~(np.isnan(labels) | np.isin(labels, (0, 1)))
            if other.any():
                row = int(np.flatnonzero(other)[0])
                raise InputError(
                    f"{job.alignments}: '{task}' of {batch['molecule_id'][row].as_py()} is {labels[row]:g}; "
                    "want 1 for toxic, 0 for not, or an empty cell"
                )
            for split in dict.fromkeys(splits):
                inside = labels[splits == split]
                report.label(split, f"{task} toxic", int((inside == 1).sum()))
                report.label(split, f"{task} not", int((inside == 0).sum()))
        yield batch

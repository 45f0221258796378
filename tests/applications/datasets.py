"""Datasets made by an application's own code, for the tests of what comes after."""

import json
from pathlib import Path
from typing import Any

from seqmill.applications.application import ExamplesJob, LabelReport, find_application, record_batches
from seqmill.applications.jobs import encoding_on, open_reference
from seqmill.evaluation.dataset import Dataset
from seqmill.shards.collect import collect
from seqmill.shards.parts import PartWriter


def build_dataset(folder: Path, job: ExamplesJob, *, condition: str, **plan: Any) -> Dataset:
    """Make the shards of one job, and write the plan beside them.

    Parameters
    ----------
    folder : Path
        Where part, plan and dataset go.
    job : ExamplesJob
        A sample over all of its contigs.
    condition : str
        The sample's.
    plan
        ``dataset``, ``application`` and ``options``, and what else the plan holds.
    """
    application = find_application(plan["application"])
    report = LabelReport()
    with open_reference(job.reference) as reference:
        checksum, encoding = reference.checksum, encoding_on(application, job.options, reference)
    with PartWriter(folder / "part.parquet", encoding, seed=1) as writer:
        for batch in record_batches(application, job, report):
            writer.write(batch)
        writer.describe(counts=report.counts, classes=report.classes)
    assert job.splits is not None
    splits = job.splits.as_dict()
    content = plan | {
        "depths": {job.sample: ["full"]},
        "reference": str(job.reference),
        "samples": {job.sample: {"condition": condition}},
        "seed": 1,
        "splits": splits,
        "evaluation": {"replicates": 100},
    }
    (folder / "plan.json").write_text(json.dumps(content))
    manifest = collect(
        [folder / "part.parquet"],
        folder / "dataset",
        dataset=plan["dataset"],
        encoding=encoding,
        splits=splits,
        seed=1,
        inputs={job.sample: [{"name": job.alignments.name, "sha256": "00"}]},
        reference={"path": str(job.reference), "checksum": checksum},
        tables=getattr(reference, "files", {}),
    )
    return Dataset.open(folder / "plan.json", manifest.path)

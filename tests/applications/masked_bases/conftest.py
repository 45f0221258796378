"""A genome in words, its staged regions, and the dataset made of them."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.masked_bases.examples import examples
from seqmill.applications.masked_bases.spec import Options, encoding
from seqmill.evaluation.dataset import Dataset
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.reads.region_file import stage_regions
from seqmill.shards.collect import collect
from seqmill.shards.parts import PartWriter
from tests.applications.masked_bases import wordy

SMALL = {"span": 500, "flank": 100}


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Reference, its bases, and regions: all of c1 and c2, two parts of c3."""
    folder = tmp_path_factory.mktemp("wordy")
    bases = wordy.write_genome(folder / "genome.fa")
    (folder / "regions.bed").write_text("c1\t0\t60000\nc2\t0\t12000\nc3\t0\t4200\nc3\t6000\t11900\n")
    with Reference(folder / "genome.fa") as reference:
        stage_regions(folder / "regions.bed", reference, folder / "ada.bed.gz")
        checksum = reference.checksum
    return SimpleNamespace(
        folder=folder,
        reference=folder / "genome.fa",
        regions=folder / "ada.bed.gz",
        bases=bases,
        checksum=checksum,
    )


@pytest.fixture(scope="session")
def job(world: SimpleNamespace) -> ExamplesJob:
    return ExamplesJob(
        sample="ada",
        alignments=world.regions,
        reference=world.reference,
        intervals=tuple(Interval(name, 0, length) for name, length in wordy.CONTIGS.items()),
        splits=Splits(wordy.SPLITS),
        options=Options(**SMALL),
    )


@pytest.fixture(scope="session")
def dataset(world: SimpleNamespace, job: ExamplesJob) -> Dataset:
    """The shards of the genome, with the plan beside them."""
    report = LabelReport()
    with PartWriter(world.folder / "part.parquet", encoding(job.options), seed=1) as writer:
        for batch in examples(job, report):
            writer.write(batch)
        writer.describe(counts=report.counts, classes=report.classes)
    plan: dict[str, Any] = {
        "dataset": "wordy",
        "application": "masked_bases",
        "options": SMALL,
        "depths": {"ada": ["full"]},
        "reference": str(world.reference),
        "samples": {"ada": {"condition": "wild"}},
        "seed": 1,
        "splits": wordy.SPLITS,
        "evaluation": {"replicates": 100},
    }
    Path(world.folder, "plan.json").write_text(json.dumps(plan))
    manifest = collect(
        [world.folder / "part.parquet"],
        world.folder / "dataset",
        dataset="wordy",
        encoding=encoding(job.options),
        splits=wordy.SPLITS,
        seed=1,
        inputs={"ada": [{"name": "regions.bed", "sha256": "00"}]},
        reference={"path": str(world.reference), "checksum": world.checksum},
    )
    return Dataset.open(world.folder / "plan.json", manifest.path)

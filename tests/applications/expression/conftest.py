"""Planted promoters, their staged regions, and the dataset made of them."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.expression.examples import examples
from seqmill.applications.expression.spec import Options, encoding
from seqmill.evaluation.dataset import Dataset
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.reads.region_file import stage_regions
from seqmill.shards.collect import collect
from seqmill.shards.parts import PartWriter
from tests.applications.expression import planted

SMALL = {"upstream": 35, "downstream": 5, "group": "species"}


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Reference, staged regions, reads and genes."""
    folder = tmp_path_factory.mktemp("planted")
    planted.write_promoters(folder)
    planted.write_reads(folder)
    with Reference(folder / "genome.fa") as reference:
        stage_regions(folder / "regions.bed", reference, folder / "leaf.bed.gz")
        checksum, lengths = reference.checksum, dict(reference.contigs)
    return SimpleNamespace(
        folder=folder,
        reference=folder / "genome.fa",
        regions=folder / "leaf.bed.gz",
        reads=folder / "reads.bam",
        genes=folder / "genes.gff3",
        checksum=checksum,
        lengths=lengths,
    )


@pytest.fixture(scope="session")
def dataset(world: SimpleNamespace) -> Dataset:
    """The shards of the planted promoters, with the plan beside them."""
    options = Options(**SMALL)
    job = ExamplesJob(
        sample="leaf",
        alignments=world.regions,
        reference=world.reference,
        intervals=tuple(Interval(name, 0, length) for name, length in world.lengths.items()),
        splits=Splits(planted.SPLITS),
        options=options,
    )
    report = LabelReport()
    with PartWriter(world.folder / "part.parquet", encoding(options), seed=1) as writer:
        for batch in examples(job, report):
            writer.write(batch)
        writer.describe(counts=report.counts, classes=report.classes)
    plan: dict[str, Any] = {
        "dataset": "planted",
        "application": "expression",
        "options": SMALL,
        "depths": {"leaf": ["full"]},
        "reference": str(world.reference),
        "samples": {"leaf": {"condition": "leaf"}},
        "seed": 1,
        "splits": planted.SPLITS,
        "evaluation": {"replicates": 100},
    }
    Path(world.folder, "plan.json").write_text(json.dumps(plan))
    manifest = collect(
        [world.folder / "part.parquet"],
        world.folder / "dataset",
        dataset="planted",
        encoding=encoding(options),
        splits=planted.SPLITS,
        seed=1,
        inputs={"leaf": [{"name": "regions.bed", "sha256": "00"}]},
        reference={"path": str(world.reference), "checksum": world.checksum},
    )
    return Dataset.open(world.folder / "plan.json", manifest.path)

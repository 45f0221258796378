"""A planted genome, its staged fragments, and the dataset made of them."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from seqmill.applications.accessibility.examples import examples
from seqmill.applications.accessibility.spec import Options, encoding
from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.evaluation.dataset import Dataset
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.reads.fragment_file import stage_fragments
from seqmill.shards.collect import collect
from seqmill.shards.parts import PartWriter
from tests.applications.accessibility import planted

SMALL = {"span": 1000, "flank": 200, "window": 200, "stride": 100, "drop_duplicates": False}


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Reference, staged fragments and places of the motif."""
    folder = tmp_path_factory.mktemp("planted")
    places = planted.write_genome(folder / "genome.fa")
    planted.write_fragments(folder / "fragments.bed", places)
    with Reference(folder / "genome.fa") as reference:
        stage_fragments(folder / "fragments.bed", reference, folder / "ada.bed.gz")
        checksum = reference.checksum
    return SimpleNamespace(
        folder=folder,
        reference=folder / "genome.fa",
        reads=folder / "ada.bed.gz",
        places=places,
        checksum=checksum,
    )


@pytest.fixture(scope="session")
def dataset(world: SimpleNamespace) -> Dataset:
    """The shards of the planted genome, with the plan beside them."""
    options = Options(**SMALL)
    job = ExamplesJob(
        sample="ada",
        alignments=world.reads,
        reference=world.reference,
        intervals=tuple(Interval(name, 0, length) for name, length in planted.CONTIGS.items()),
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
        "application": "accessibility",
        "options": SMALL,
        "depths": {"ada": ["full"]},
        "reference": str(world.reference),
        "samples": {"ada": {"condition": "atac"}},
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
        inputs={"ada": [{"name": "fragments.bed", "sha256": "00"}]},
        reference={"path": str(world.reference), "checksum": world.checksum},
    )
    return Dataset.open(world.folder / "plan.json", manifest.path)

"""A planted genome, its staged peaks, and the dataset made of them."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.tf_binding.examples import examples
from seqmill.applications.tf_binding.spec import Options, encoding
from seqmill.evaluation.dataset import Dataset
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.reads.region_file import stage_regions
from seqmill.shards.collect import collect
from seqmill.shards.parts import PartWriter
from tests.applications.tf_binding import planted

SMALL: dict[str, Any] = {"factors": tuple(planted.MOTIFS), "window": planted.WIDTH}


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Reference, staged peaks and motifs."""
    folder = tmp_path_factory.mktemp("sites")
    planted.write_world(folder)
    with Reference(folder / "genome.fa") as reference:
        stage_regions(folder / "peaks.bed", reference, folder / "ada.bed.gz")
        checksum = reference.checksum
    return SimpleNamespace(
        folder=folder,
        reference=folder / "genome.fa",
        peaks=folder / "ada.bed.gz",
        motifs=folder / "motifs.meme",
        checksum=checksum,
    )


@pytest.fixture(scope="session")
def dataset(world: SimpleNamespace) -> Dataset:
    """The shards of the planted genome, with the plan beside them."""
    options = Options(**SMALL)
    job = ExamplesJob(
        sample="ada",
        alignments=world.peaks,
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
        "dataset": "sites",
        "application": "tf_binding",
        "options": SMALL | {"factors": list(SMALL["factors"])},
        "depths": {"ada": ["full"]},
        "reference": str(world.reference),
        "files": {"motifs": str(world.motifs)},
        "samples": {"ada": {"condition": "chip"}},
        "seed": 1,
        "splits": planted.SPLITS,
        "evaluation": {"replicates": 100},
    }
    Path(world.folder, "plan.json").write_text(json.dumps(plan))
    manifest = collect(
        [world.folder / "part.parquet"],
        world.folder / "dataset",
        dataset="sites",
        encoding=encoding(options),
        splits=planted.SPLITS,
        seed=1,
        inputs={"ada": [{"name": "peaks.bed", "sha256": "00"}]},
        reference={"path": str(world.reference), "checksum": world.checksum},
    )
    return Dataset.open(world.folder / "plan.json", manifest.path)

"""A planted genome, its staged peaks, and the dataset made of them."""

from types import SimpleNamespace
from typing import Any

import pytest

from seqmill.applications.application import ExamplesJob
from seqmill.applications.tf_binding.spec import Options
from seqmill.evaluation.dataset import Dataset
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.reads.region_file import stage_regions
from tests.applications.datasets import build_dataset
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
    return build_dataset(
        world.folder,
        job,
        condition="chip",
        dataset="sites",
        application="tf_binding",
        options=SMALL | {"factors": list(SMALL["factors"])},
        files={"motifs": str(world.motifs)},
    )

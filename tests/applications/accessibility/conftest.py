"""A planted genome, its staged fragments, and the dataset made of them."""

from types import SimpleNamespace

import pytest

from seqmill.applications.accessibility.spec import Options
from seqmill.applications.application import ExamplesJob
from seqmill.evaluation.dataset import Dataset
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.reads.fragment_file import stage_fragments
from tests.applications.accessibility import planted
from tests.applications.datasets import build_dataset

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
    return build_dataset(
        world.folder,
        job,
        condition="atac",
        dataset="planted",
        application="accessibility",
        options=SMALL,
    )

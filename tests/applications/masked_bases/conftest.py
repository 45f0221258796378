"""A genome in words, its staged regions, and the dataset made of them."""

from types import SimpleNamespace

import pytest

from seqmill.applications.application import ExamplesJob
from seqmill.applications.masked_bases.spec import Options
from seqmill.evaluation.dataset import Dataset
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.reads.region_file import stage_regions
from tests.applications.datasets import build_dataset
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
    return build_dataset(
        world.folder,
        job,
        condition="wild",
        dataset="wordy",
        application="masked_bases",
        options=SMALL,
    )

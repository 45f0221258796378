"""Planted promoters, their staged regions, and the dataset made of them."""

from types import SimpleNamespace

import pytest

from seqmill.applications.application import ExamplesJob
from seqmill.applications.expression.spec import Options
from seqmill.evaluation.dataset import Dataset
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.reads.region_file import stage_regions
from tests.applications.datasets import build_dataset
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
    return build_dataset(
        world.folder,
        job,
        condition="leaf",
        dataset="planted",
        application="expression",
        options=SMALL,
    )

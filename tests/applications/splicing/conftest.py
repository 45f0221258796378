"""A planted genome, RNA reads of it, and the dataset made of them."""

from types import SimpleNamespace
from typing import Any

import pytest

from seqmill.applications.application import ExamplesJob
from seqmill.applications.splicing.spec import Options
from seqmill.evaluation.dataset import Dataset
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from tests.applications.datasets import build_dataset
from tests.applications.splicing import planted

SMALL = {"span": 200, "context": 80, "library": "reverse"}


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Reference, reads, annotation and the planted genes."""
    folder = tmp_path_factory.mktemp("planted")
    genome = planted.write_genome(folder / "genome.fa")
    planted.write_reads(folder / "ada.bam", genome)
    planted.write_annotation(folder / "genes.gtf", genome)
    with Reference(folder / "genome.fa") as reference:
        checksum = reference.checksum
    return SimpleNamespace(
        folder=folder,
        genome=genome,
        reference=folder / "genome.fa",
        reads=folder / "ada.bam",
        annotation=folder / "genes.gtf",
        checksum=checksum,
    )


def job_of(world: SimpleNamespace, **more: Any) -> ExamplesJob:
    """The job over all contigs of the planted genome."""
    given = {
        "sample": "ada",
        "alignments": world.reads,
        "reference": world.reference,
        "intervals": tuple(Interval(name, 0, length) for name, length in planted.CONTIGS.items()),
        "splits": Splits(planted.SPLITS),
        "options": Options(**SMALL),
    }
    return ExamplesJob(**given | more)


@pytest.fixture(scope="session")
def dataset(world: SimpleNamespace) -> Dataset:
    """The shards of the planted genome, labelled by reads, with the plan beside them."""
    return build_dataset(
        world.folder,
        job_of(world),
        condition="rna",
        dataset="planted",
        application="splicing",
        options=SMALL,
    )

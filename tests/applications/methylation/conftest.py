"""A planted genome, its reads of either kind, and datasets made of them."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from seqmill.applications.application import ExamplesJob
from seqmill.applications.methylation.spec import Options
from seqmill.evaluation.dataset import Dataset
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.simulate.modified import write_levels
from tests.applications.datasets import build_dataset
from tests.applications.methylation import planted

SMALL = {"marks": ["6mA", "5mC"], "window": 21}
BISULFITE = {"source": "bisulfite", "marks": ["5mC"], "window": 21}


def options(given: dict[str, Any]) -> Options:
    """Build options from what a configuration holds."""
    return Options(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    )


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Reference, reads of both kinds, and the planted levels."""
    folder = tmp_path_factory.mktemp("planted")
    codes = planted.genome()
    planted.write_reference(folder / "genome.fa", codes)
    planted.write_modified(folder / "modified.bam", codes)
    planted.write_bisulfite(folder / "bisulfite.bam", codes)
    write_levels(folder / "levels.bed.gz", codes, planted.MARKS)
    with Reference(folder / "genome.fa") as reference:
        checksum = reference.checksum
    return SimpleNamespace(
        folder=folder,
        reference=folder / "genome.fa",
        codes=codes,
        checksum=checksum,
        levels=folder / "levels.bed.gz",
    )


@pytest.fixture(scope="session")
def build(world: SimpleNamespace) -> Callable[..., Dataset]:
    """Build a dataset from one kind of reads."""

    def build(name: str, given: dict[str, Any], **files: str) -> Dataset:
        folder = world.folder / f"{name}_dataset"
        job = ExamplesJob(
            sample="ada",
            alignments=world.folder / f"{name}.bam",
            reference=world.reference,
            intervals=tuple(Interval(contig, 0, length) for contig, length in planted.CONTIGS.items()),
            splits=Splits(planted.SPLITS),
            options=options(given),
        )
        return build_dataset(
            folder,
            job,
            condition="clean",
            dataset=name,
            application="methylation",
            options=given,
            files=files,
        )

    return build


@pytest.fixture(scope="session")
def dataset(build: Callable[..., Dataset], world: SimpleNamespace) -> Dataset:
    """The shards of the modBAM, with the planted levels beside them."""
    return build("modified", SMALL, levels=str(world.levels))

"""The planted cohort as a dataset of each outcome."""

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace

import pytest

from seqmill.applications.application import ExamplesJob
from seqmill.applications.disease_risk.spec import Options
from seqmill.applications.profiled.options import ComponentOptions
from seqmill.evaluation.dataset import Dataset
from seqmill.genome.intervals import Interval
from seqmill.genome.splits import Splits
from seqmill.profiles.build import INDEX, build_profiles
from seqmill.profiles.plan import load_profiles_plan
from tests.applications.datasets import build_dataset
from tests.applications.disease_risk import ancestries, cohort


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Tables, rows, and for each outcome the job that makes examples of all persons."""
    folder = tmp_path_factory.mktemp("cohort")
    build_profiles(load_profiles_plan(cohort.write(folder)), folder / "raw")
    splits = cohort.splits()
    named = [name for split in splits.values() for name in split["contigs"]]
    jobs = {
        outcome: ExamplesJob(
            sample="cohort",
            alignments=folder / "raw" / "cohort.rows.parquet",
            reference=folder / "raw" / INDEX,
            intervals=tuple(Interval(name, 0, 1) for name in named),
            splits=Splits(splits),
            options=Options(outcome=outcome),
        )
        for outcome in cohort.OUTCOMES
    }
    return SimpleNamespace(folder=folder, jobs=jobs)


@pytest.fixture(scope="session")
def cohorts(planted: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Outcome -> dataset."""
    return {
        outcome: build_dataset(
            tmp_path_factory.mktemp(outcome),
            job,
            condition="cohort",
            dataset=f"cohort_{outcome}",
            application="disease_risk",
            options={"outcome": outcome},
        )
        for outcome, job in planted.jobs.items()
    }


@pytest.fixture(scope="session")
def confounded(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Dataset]:
    """Make datasets of two ancestries: with options, and with the genotypes of a person changed."""

    @cache
    def made(*, components: int = ancestries.COUNT, changed: str = "") -> Dataset:
        folder = tmp_path_factory.mktemp("ancestries")
        build_profiles(load_profiles_plan(ancestries.write(folder, changed=changed)), folder / "raw")
        options = {"outcome": "binary", "components": {"block": "dosage", "count": components}}
        job = ExamplesJob(
            sample="cohort",
            alignments=folder / "raw" / "cohort.rows.parquet",
            reference=folder / "raw" / INDEX,
            intervals=tuple(Interval(f"person_{fold}", 0, 1) for fold in range(10)),
            splits=Splits(ancestries.splits()),
            options=Options(outcome="binary", components=ComponentOptions(count=components)),
        )
        return build_dataset(
            folder, job, condition="", dataset="ancestries", application="disease_risk", options=options
        )

    return made

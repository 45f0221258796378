"""A planted screen, its tables, and datasets made of it with several kinds of splits."""

from types import SimpleNamespace

import pytest

from seqmill.applications.application import ExamplesJob
from seqmill.applications.drug_response.spec import Options
from seqmill.genome.intervals import Interval
from seqmill.genome.splits import Splits
from seqmill.profiles.build import INDEX, build_profiles
from seqmill.profiles.plan import load_profiles_plan
from tests.applications.datasets import build_dataset
from tests.applications.profiled import screen


@pytest.fixture(scope="session")
def planted_screen(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Tables, rows, and for each kind of fold the job that makes examples of all of them."""
    folder = tmp_path_factory.mktemp("screen")
    plan = load_profiles_plan(screen.write(folder))
    index = build_profiles(plan, folder / "raw")
    jobs = {}
    for kind in plan.folds:
        splits = screen.splits(kind)
        named = [name for split in splits.values() for name in split["contigs"]]
        jobs[kind] = ExamplesJob(
            sample="screen",
            alignments=folder / "raw" / "screen.rows.parquet",
            reference=folder / "raw" / INDEX,
            intervals=tuple(Interval(name, 0, 1) for name in named),
            splits=Splits(splits),
            options=Options(),
        )
    return SimpleNamespace(folder=folder, plan=plan, index=index, jobs=jobs)


@pytest.fixture(scope="session")
def screens(planted_screen, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Kind of fold -> dataset of drug response."""
    return {
        kind: build_dataset(
            tmp_path_factory.mktemp(kind),
            job,
            condition="screen",
            dataset=f"screen_{kind}",
            application="drug_response",
            options={},
        )
        for kind, job in planted_screen.jobs.items()
    }

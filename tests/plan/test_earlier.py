"""Runs that begin with other runs of the sheet are trained after them."""

from pathlib import Path

import pytest

from seqmill.errors import ConfigErrors
from seqmill.plan.addresses import Addresses
from seqmill.plan.earlier import earlier_runs
from seqmill.plan.plan import load_plan
from tests.plan.conftest import SCHEMAS

HYDRA = Path("config/hydra")
RUN = "results/tiny/runs/{}/seed-{}/checkpoint.ckpt"


@pytest.fixture
def load(project, config):
    """Load the plan of the project."""
    return lambda: load_plan(
        config, schemas=SCHEMAS, source="config.yaml", addresses=Addresses(None, fetches=True)
    )


@pytest.fixture
def experiment(load):
    """Give an experiment of the plan once a file or the sheet was changed."""

    def give(name: str, *, overrides: str = "", written: str = ""):
        Path("experiments.tsv").write_text(
            f"experiment\tseed\toverrides\nnet\t1\t\nnet\t2\t\nwide\t1\t{overrides}\n"
        )
        own = HYDRA / "experiment" / "wide.yaml"
        own.write_text(own.read_text() + written)
        return load().experiments[name]

    return give


def found(one):
    return earlier_runs(one, hydra=HYDRA, results="results/tiny")


def test_overrides_name_a_run_to_begin_with(experiment):
    one = experiment("wide", overrides=f"trainer.epochs=2 init_from={RUN.format('net', 2)}")
    assert found(one) == [("net", 2)]


def test_the_hydra_file_names_runs_to_learn_from(experiment):
    teachers = "".join(f"    - {RUN.format('net', seed)}\n" for seed in (2, 1, 2))
    one = experiment("wide", written=f"augmentation:\n  teachers:\n{teachers}# {RUN.format('net', 3)}\n")
    assert found(one) == [("net", 1), ("net", 2)]


@pytest.mark.parametrize(
    "name",
    ["/data/" + RUN.format("net", 1), RUN.format("net", 1).replace("tiny", "other"), "models:/net@champion"],
)
def test_models_from_elsewhere_are_no_runs_of_the_workflow(experiment, name):
    assert found(experiment("wide", overrides=f"init_from={name}")) == []


def test_the_plan_gives_checkpoints_of_runs_of_the_sheet_alone(experiment, load):
    teachers = ",".join(RUN.format(*run) for run in (("net", 1), ("net", 7), ("gone", 1)))
    experiment("wide", overrides=f"augmentation.teachers=[{teachers}]")
    assert load().earlier_checkpoints("wide") == [RUN.format("net", 1)]
    assert load().earlier_checkpoints("net") == []


def test_experiments_that_wait_for_one_another_are_refused(experiment):
    own = HYDRA / "experiment" / "net.yaml"
    own.write_text(own.read_text() + f"init_from: {RUN.format('wide', 1)}\n")
    with pytest.raises(ConfigErrors, match=r"experiments\.tsv: .*(net -> wide -> net|wide -> net -> wide)"):
        experiment("wide", overrides=f"init_from={RUN.format('net', 1)}")

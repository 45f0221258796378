"""The sheet of runs, and which Hydra files an experiment is made of."""

from pathlib import Path

from seqmill.plan.experiments import Experiment, hydra_files, read_experiments
from seqmill.plan.schema import load_schema

SCHEMA = load_schema(Path(__file__).parents[2] / "workflow" / "schemas", "experiments")
HYDRA = Path("config/hydra")
HEADER = ["experiment", "seed", "role", "overrides"]


def read(path):
    return read_experiments(path, SCHEMA, hydra=HYDRA)


def test_rows_of_an_experiment_are_its_seeds(project, sheet):
    path = sheet(
        HEADER,
        ["wide", "3", "baseline", "trainer.epochs=2 seed_of=x"],
        ["net", "1"],
        ["wide", "5", "baseline", "trainer.epochs=2 seed_of=x"],
    )
    experiments, problems = read(path)
    assert problems == []
    assert experiments["wide"] == Experiment(
        name="wide",
        base="wide",
        seeds=(3, 5),
        overrides=("trainer.epochs=2", "seed_of=x"),
        role="baseline",
        files=(
            "config/hydra/experiment/wide.yaml",
            "config/hydra/model/large.yaml",
            "config/hydra/train.yaml",
            "config/hydra/trainer/default.yaml",
        ),
    )
    assert experiments["net"].role == "model"
    assert experiments["net"].overrides == ()


def test_the_files_follow_the_defaults_lists(project):
    assert hydra_files(HYDRA, "net") == (
        "config/hydra/experiment/net.yaml",
        "config/hydra/model/small.yaml",
        "config/hydra/train.yaml",
        "config/hydra/trainer/default.yaml",
    )


def test_mistakes(project, sheet):
    path = sheet(
        HEADER,
        ["net", "1"],
        ["net", "1"],
        ["net", "two"],
        ["nett", "1"],
        ["wide", "1", "", "trainer.epochs=2"],
        ["wide", "2"],
        ["wide", "3", "rival"],
    )
    assert read(path)[1] == [
        f"{path}, line 4: seed: found 'two', wanted text matching ^[0-9]+$",
        f"{path}, line 8: role: found 'rival', wanted one of: model, baseline",
        f"{path}, line 3: experiment 'net' with seed 1 is there twice",
        f"{path}: experiment 'nett' has no file config/hydra/experiment/nett.yaml (did you mean 'net'?)",
        f"{path}: the rows of experiment 'wide' differ in role or overrides; "
        "give the other one a file of its own in the experiment folder",
    ]

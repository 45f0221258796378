"""Declared spaces become trials: every combination of a grid, the same draws each time."""

import math
from pathlib import Path

import pytest
import yaml

from seqmill.plan.schema import load_schema
from seqmill.plan.sweeps import read_sweeps
from tests.plan.conftest import SCHEMAS

SCHEMA = load_schema(SCHEMAS, "sweeps")
RATE = {"low": 1e-4, "high": 1e-2, "scale": "log"}


@pytest.fixture
def read(project):
    def of(content):
        path = project / "sweeps.yaml"
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
        return read_sweeps(Path("sweeps.yaml"), SCHEMA, hydra=Path("config/hydra"))

    return of


def drawn(**changes):
    return {"rates": {"experiment": "net", "draw": "random", "trials": 40, "space": {"rate": RATE}} | changes}


def test_a_grid_is_every_combination_in_the_order_of_the_space(read):
    space = {"model.width": [8, 16], "trainer.name": ["a", "b", "c"]}
    sweeps, experiments, problems = read(
        {"size": {"experiment": "wide", "draw": "grid", "overrides": ["trainer.epochs=2"], "space": space}}
    )
    assert problems == []
    assert list(sweeps["size"].trials.items())[:4] == [
        ("size-01", {"model.width": 8, "trainer.name": "a"}),
        ("size-02", {"model.width": 8, "trainer.name": "b"}),
        ("size-03", {"model.width": 8, "trainer.name": "c"}),
        ("size-04", {"model.width": 16, "trainer.name": "a"}),
    ]
    assert len(experiments) == 6
    trial = experiments["size-04"]
    assert (trial.name, trial.base, trial.seeds, trial.role) == ("size-04", "wide", (1,), "model")
    assert trial.overrides == ("trainer.epochs=2", "model.width=16", "trainer.name=a")
    assert "config/hydra/experiment/wide.yaml" in trial.files


def test_draws_are_distinct_inside_the_range_and_spread_on_its_scale(read):
    space = {"rate": RATE, "layers": {"low": 1, "high": 4, "scale": "integer"}, "kind": ["x", "y"]}
    sweeps, _, problems = read(drawn(space=space))
    assert problems == []
    trials = list(sweeps["rates"].trials.values())
    assert len({tuple(trial.items()) for trial in trials}) == 40
    assert all(1e-4 <= trial["rate"] <= 1e-2 for trial in trials)
    assert 8 < sum(math.log10(trial["rate"]) < -3 for trial in trials) < 32
    assert {trial["layers"] for trial in trials} == {1, 2, 3, 4}
    assert {trial["kind"] for trial in trials} == {"x", "y"}


def test_draws_depend_on_the_seed_the_sweep_and_the_key_alone(read):
    def rates(**changes):
        return [trial["rate"] for trial in read(drawn(**changes))[0]["rates"].trials.values()]

    first = rates()
    assert rates() == first
    assert rates(trials=50)[:40] == first
    assert rates(space={"more": {"low": 0, "high": 1}, "rate": RATE}) == first
    assert rates(seed=2) != first


def test_all_combinations_can_be_drawn(read):
    sweeps, _, problems = read(drawn(trials=6, space={"a": [1, 2, 3], "b": [True, False]}))
    assert problems == []
    assert len(sweeps["rates"].trials) == 6


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"experiment": "nett"},
            "experiment 'nett' has no file in the experiment folder (did you mean 'net'?)",
        ),
        ({"draw": "grid"}, "space.rate: found a range, a grid wants a list of values"),
        ({"draw": "grid", "space": {"a": [1]}}, "trials: a grid takes every combination"),
        ({"trials": 7, "space": {"a": [1, 2, 3], "b": [1, 2]}}, "found 7, but the space has 6 combinations"),
        ({"space": {"rate": {"low": 2, "high": 1}}}, "found low 2 and high 1, wanted low below high"),
        ({"space": {"rate": RATE | {"low": 0}}}, "found low 0 on a log scale, wanted more than 0"),
        ({"trails": 3}, "unknown key 'trails' (did you mean 'trials'?)"),
        ({"draw": "grdi"}, "found 'grdi' (did you mean 'grid'?), wanted one of: grid, random"),
    ],
)
def test_mistakes(read, changes, problem):
    _, experiments, problems = read(drawn(**changes))
    assert any(problem in found for found in problems), problems
    assert experiments == {}


def test_a_random_sweep_wants_a_number_of_trials(read):
    content = drawn()
    del content["rates"]["trials"]
    assert "a random sweep wants their number" in read(content)[2][0]


def test_a_file_that_is_not_there_or_no_yaml(read, project):
    assert read("a: [")[2][0].startswith("sweeps.yaml: no YAML that can be read")
    (project / "sweeps.yaml").unlink()
    assert read_sweeps(Path("sweeps.yaml"), SCHEMA, hydra=Path("config/hydra"))[2] == [
        "sweeps.yaml: no such file"
    ]

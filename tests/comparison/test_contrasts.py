"""What differs between experiments, kind by kind."""

import pytest

from seqmill.comparison.contrasts import contrasts, flatten
from seqmill.comparison.runs import load_callers
from seqmill.comparison.tracked import Tracked


@pytest.fixture
def callers(study):
    for (name, seed), folder in study.folders.items():
        if name != "caller":
            rate = 0.1 if name == "good" else 0.01
            batch = 64 if (name, seed) == ("good", 2) else 32
            (folder / "config.yaml").write_text(
                f"experiment: {name}\nseed: {seed}\n"
                f"optimizer: {{rate: {rate}, name: adamw}}\nbatch: {batch}\n"
            )
    return load_callers(study.runs, study.baselines)


def by_title(callers, tracked):
    return {kind.title: kind for kind in contrasts(callers, tracked)}


def test_only_settings_that_differ_are_shown_and_seeds_are_told_apart(callers):
    config = by_title(callers, {})["Configuration"]
    assert config.callers == ("fair", "good", "scalars")
    assert dict(config.rows) == {"batch": ("32", "32, 64", "32"), "optimizer.rate": ("0.01", "0.1", "0.01")}
    assert config.same == 1


def test_without_a_store_code_and_packages_are_left_out(callers):
    kinds = by_title(callers, {})
    assert set(kinds) == {"Configuration", "Dataset"}
    assert kinds["Dataset"].rows == ()


def test_code_packages_and_machine_come_from_the_store(callers):
    for number, caller in enumerate(callers):
        for run in caller.runs:
            run.training["run_id"] = f"run-{number}"
    tracked = {
        f"run-{number}": Tracked(
            tags={"mlflow.source.git.commit": commit, "git_dirty": dirty, "host": "node7"},
            packages={"torch": torch, "numpy": "2.4"},
        )
        for number, (commit, dirty, torch) in enumerate(
            [("a" * 40, "false", "2.8"), ("b" * 40, "true", "2.9")]
        )
    }
    kinds = by_title(callers, tracked)
    assert kinds["Code"].rows == (("commit", ("a" * 12, "b" * 12 + ", with uncommitted changes")),)
    assert kinds["Packages"].rows == (("torch", ("2.8", "2.9")),)
    assert (kinds["Packages"].callers, kinds["Packages"].same) == (("fair", "good"), 1)
    assert (kinds["Machine"].rows, kinds["Machine"].same) == ((), 1)


def test_flatten():
    assert flatten({"a": {"b": True, "c": None}, "d": [1, 2], "e": [{"f": 1.5}]}) == {
        "a.b": "true",
        "a.c": "none",
        "d": "[1, 2]",
        "e.0.f": "1.5",
    }

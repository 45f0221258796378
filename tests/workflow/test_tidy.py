"""A workflow that ends looks after the runs that were killed without being able to say so."""

import shutil
from pathlib import Path

import pytest

from tests.workflow.conftest import ROOT, call_snakemake
from tests.workflow.test_reruns import environment_with_an_empty_verb

VERB = """#!/bin/sh
# Stands in for every verb: notes how it was called; composing makes its output, unless it is to fail.
echo "$*" >> called.txt
[ -e fails ] && [ "$1" = compose ] && exit 1
[ "$1" != compose ] || touch results/demo/configs/pileup_cnn.yaml
"""
TIDY = (
    "tracking tidy --idle-only --state-dir results/demo/state --tracking-uri sqlite:///results/demo/mlflow.db"
)


@pytest.fixture
def call(tmp_path: Path):
    """Compose one experiment; give how the verbs were called."""
    python = environment_with_an_empty_verb(tmp_path / "venv")
    (tmp_path / "venv" / "bin" / "seqmill").write_text(VERB)
    folder = tmp_path / "demo"
    shutil.copytree(ROOT / "config", folder / "config")
    store = folder / "results/demo/mlflow.db"
    store.parent.mkdir(parents=True)
    store.touch()

    def once(*, state: bool, fails: bool) -> list[str]:
        if state:
            (folder / "results/demo/state/pileup_cnn-1-0123").mkdir(parents=True)
            (folder / "results/demo/state/pileup_cnn-1-0123/run.json").touch()
        if fails:
            (folder / "fails").touch()
        target = "results/demo/configs/pileup_cnn.yaml"
        call_snakemake(folder, "--cores", "1", target, python=python, fails=fails)
        return (folder / "called.txt").read_text().splitlines()

    return once


@pytest.mark.parametrize("fails", [False, True])
def test_stopped_runs_are_looked_after_however_it_ends(call, fails):
    called = call(state=True, fails=fails)
    assert called[0].startswith("compose")
    assert called[1:] == [TIDY]


def test_where_no_run_was_stopped_nothing_is_started(call):
    assert len(call(state=False, fails=False)) == 1

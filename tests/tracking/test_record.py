"""A run carries all that it started from, and what is found out later."""

from pathlib import Path

import pytest

from seqmill.errors import Interrupted
from seqmill.revision import GitState
from seqmill.tracking import record
from seqmill.tracking.record import log_evaluation, log_setup
from seqmill.tracking.run import open_run
from seqmill.tracking.store import connect


@pytest.fixture
def set_up(monkeypatch):
    def log(run, difference=""):
        monkeypatch.setattr(record, "running", lambda: GitState("c0ffee", difference))
        log_setup(
            run,
            params={"trainer.epochs": 3},
            config="seed: 1\n",
            dataset=("demo", Path("m.json"), "ab" * 32),
            tags={"seed": 1, "attempt": 1},
        )

    return log


def artifacts(store, run_id, folder=None):
    return {found.path for found in connect(store).list_artifacts(run_id, folder)}


def test_what_a_run_starts_from(store, set_up, tmp_path):
    with open_run(store, "toys", name="a") as run:
        set_up(run, difference="-one\n+two\n")
    found = connect(store).get_run(run.run_id)
    assert found.data.params == {"trainer.epochs": "3"}
    tags = found.data.tags
    assert (tags["mlflow.source.git.commit"], tags["git_dirty"]) == ("c0ffee", "true")
    assert (tags["dataset_digest"], tags["seed"], tags["attempt"]) == ("ab" * 32, "1", "1")
    assert {"host", "python", "scheduler_job", "program_version"} <= set(tags)
    assert found.inputs.dataset_inputs[0].dataset.digest == "ab" * 18
    assert artifacts(store, run.run_id) == {"config.yaml", "environment", "code"}
    local = connect(store).download_artifacts(run.run_id, "config.yaml", str(tmp_path))
    assert Path(local).read_text() == "seed: 1\n"


def test_clean_code_has_no_patch(store, set_up):
    with open_run(store, "toys", name="a") as run:
        set_up(run)
    assert "code" not in artifacts(store, run.run_id)
    assert connect(store).get_run(run.run_id).data.tags["git_dirty"] == "false"


def test_a_resumed_run_may_record_its_setup_again(store, set_up):
    with open_run(store, "toys", name="a") as run:
        set_up(run)
    with open_run(store, "toys", name="a", run_id=run.run_id) as again:
        set_up(again)
    assert len(connect(store).get_run(run.run_id).inputs.dataset_inputs) == 1


@pytest.mark.parametrize("ending", ["FINISHED", "KILLED"])
def test_scores_are_added_later_and_leave_the_status(store, ending, tmp_path):
    path = tmp_path / "metrics.json"
    path.write_text("{}")
    try:
        with open_run(store, "toys", name="a") as run:
            if ending == "KILLED":
                raise Interrupted("late")
    except Interrupted:
        pass
    scores = {f"f1.cell{index}": index / 2000 for index in range(1500)}
    log_evaluation(store, run.run_id, scores, [path])
    found = connect(store).get_run(run.run_id)
    assert found.data.metrics == pytest.approx(scores)
    assert found.info.status == ending
    assert artifacts(store, run.run_id, "evaluation") == {"evaluation/metrics.json"}


def test_of_persons_neither_places_nor_patches_nor_users_are_recorded(store, monkeypatch, tmp_path):
    monkeypatch.setattr(record, "running", lambda: GitState("c0ffee", "-MaryMajor\n"))
    manifest = tmp_path / "manifest.json"
    with open_run(store, "toys", name="a") as run:
        log_setup(
            run,
            params={"manifest": str(manifest), "epochs": 3},
            config=f"manifest: {manifest}\n",
            dataset=("demo", manifest, "ab" * 32),
            tags={"place": "/clinic/x.json", "seed": 1},
            private=True,
        )
    found = connect(store).get_run(run.run_id)
    assert found.data.params == {"manifest": "manifest.json", "epochs": "3"}
    assert (found.data.tags["place"], found.data.tags["git_dirty"]) == ("x.json", "true")
    assert "mlflow.user" not in found.data.tags
    assert artifacts(store, run.run_id) == {"config.yaml", "environment"}
    local = connect(store).download_artifacts(run.run_id, "config.yaml", str(tmp_path))
    assert Path(local).read_text() == "manifest: manifest.json\n"

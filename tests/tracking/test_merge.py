"""Runs of stores of their own come together in one, whole, and once."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from seqmill.errors import InputError
from seqmill.tracking.merge import MERGED, merge
from seqmill.tracking.run import open_run
from seqmill.tracking.store import connect

TABLES = ("runs", "metrics", "latest_metrics", "params", "tags", "datasets", "inputs", "input_tags")


@pytest.fixture
def make_own(empty_store, tmp_path):
    """Make a run in a store of its own; give the store's file and the run's id."""

    def make(name, *, fails=False):
        folder = tmp_path / name
        (folder / "mlflow-artifacts/toys").mkdir(parents=True)
        path = Path(shutil.copy(empty_store, folder / "mlflow.db"))
        try:
            with open_run(f"sqlite:///{path}", "toys", name=name, tags={"seed": 1}) as run:
                run.params({"trainer.epochs": 3})
                run.dataset(name="demo", source="m.json", digest="ab" * 32, context="training")
                run.text(f"of {name}\n", "notes/config.yaml")
                for step in range(5):
                    run.metrics({"loss": 1 / (step + 1), "bad": float("nan")}, step)
                if fails:
                    raise OSError
        except OSError:
            pass
        return path, run.run_id

    return make


def content(store):
    with closing(sqlite3.connect(store.removeprefix("sqlite:///"))) as found:
        return {table: sorted(map(repr, found.execute(f"select * from {table}"))) for table in TABLES}


def folder_of(run):
    return Path(run.info.artifact_uri.removeprefix("file://"))


def facts(store, run_id):
    """All that the store says about a run, but for where its files are and that it was merged."""
    client = connect(store)
    run = client.get_run(run_id)
    history = [
        (point.key, point.step, point.timestamp, repr(point.value))
        for key in run.data.metrics
        for point in client.get_metric_history(run_id, key)
    ]
    tags = {key: value for key, value in run.data.tags.items() if key != MERGED}
    inputs = [
        (found.dataset.name, found.dataset.digest, found.dataset.source, [tag.value for tag in found.tags])
        for found in run.inputs.dataset_inputs
    ]
    info = (run.info.run_name, run.info.status, run.info.start_time, run.info.end_time, run.info.user_id)
    files = (folder_of(run) / "notes/config.yaml").read_text()
    return info, run.data.params, tags, history, inputs, files


def test_runs_arrive_whole_under_their_ids(store, make_own):
    made = [make_own("a"), make_own("b", fails=True)]
    done = merge([path for path, _ in made], store)
    assert [(entry["run_id"], entry["copied"]) for entry in done] == [(run_id, True) for _, run_id in made]
    for path, run_id in made:
        assert facts(store, run_id) == facts(f"sqlite:///{path}", run_id)
        assert len(facts(store, run_id)[3]) == 10
        assert connect(store).get_run(run_id).info.artifact_uri.endswith(f"/toys/{run_id}/artifacts")
    found = connect(store).search_runs(["1"])
    assert {run.info.status for run in found} == {"FINISHED", "FAILED"}
    assert len(content(store)["datasets"]) == 1


def test_merging_again_changes_nothing(store, make_own):
    paths = [make_own("a")[0], make_own("b")[0]]
    merge(paths, store)
    before = content(store)
    assert [entry["copied"] for entry in merge(paths, store)] == [False, False]
    assert content(store) == before


def test_a_run_that_went_on_is_brought_up_to_date(store, make_own):
    path, run_id = make_own("a", fails=True)
    merge([path], store)
    client = connect(store)
    client.set_tag(run_id, "remark", "mine")
    (folder_of(client.get_run(run_id)) / "remark.txt").write_text("mine\n")
    with open_run(f"sqlite:///{path}", "toys", name="a", run_id=run_id) as run:
        run.metrics({"loss": 0.1}, 5)
        run.text("newer\n", "notes/config.yaml")
    assert merge([path], store)[0]["copied"]
    merged = client.get_run(run_id)
    assert (merged.info.status, merged.data.metrics["loss"]) == ("FINISHED", 0.1)
    assert [point.step for point in client.get_metric_history(run_id, "loss")] == [0, 1, 2, 3, 4, 5]
    assert merged.data.tags["remark"] == "mine"
    assert facts(store, run_id)[-1] == "newer\n"
    assert {path.name for path in folder_of(merged).iterdir()} == {"notes", "remark.txt"}
    assert len(merged.inputs.dataset_inputs) == 1


def test_a_merge_that_was_cut_short_is_done_again(store, make_own, monkeypatch):
    path, run_id = make_own("a")

    def cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr("seqmill.tracking.merge._mark", cut)
        with pytest.raises(KeyboardInterrupt):
            merge([path], store)
    assert merge([path], store)[0]["copied"]
    assert facts(store, run_id) == facts(f"sqlite:///{path}", run_id)


def test_a_run_deleted_in_the_common_store_stays_deleted(store, make_own):
    path, run_id = make_own("a")
    merge([path], store)
    connect(store).delete_run(run_id)
    with open_run(f"sqlite:///{path}", "toys", name="a", run_id=run_id):
        pass
    merge([path], store)
    assert connect(store).get_run(run_id).info.lifecycle_stage == "deleted"


def test_what_cannot_be_merged_is_named(store, make_own, tmp_path):
    path, _ = make_own("a")
    with pytest.raises(InputError, match=r"a server gives runs new ids"):
        merge([path], "http://server:5000")
    with pytest.raises(InputError, match=r"none\.db: no tracking store there"):
        merge([tmp_path / "none.db"], store)
    with pytest.raises(InputError, match=r"is in .*mlflow\.db too; give it once"):
        merge([path, path], store)

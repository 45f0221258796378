"""``seqmill tracking`` makes a store and registers the best run."""

import fcntl
import shutil

from click.testing import CliRunner

from seqmill.cli.tracking import command
from seqmill.files import read_json, write_json
from seqmill.tracking.registry import resolve_model
from seqmill.tracking.run import open_run
from seqmill.tracking.store import connect


def run(*arguments):
    result = CliRunner().invoke(
        command, [str(argument) for argument in arguments], catch_exceptions=False, standalone_mode=False
    )
    assert result.exit_code == 0


def test_from_an_empty_folder_to_a_champion(tmp_path):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    run("init", "--tracking-uri", uri, "--experiment", "toys", "--output", tmp_path / "store.json")
    assert read_json(tmp_path / "store.json") == {"uri": uri, "experiment": "toys", "experiment_id": "1"}

    for name, loss in (("a", 0.4), ("b", 0.2)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "checkpoint.ckpt").write_text(name)
        with open_run(uri, "toys", name=name) as tracked:
            tracked.file(folder / "checkpoint.ckpt", "model")
        write_json(folder / "train.json", {"run_id": tracked.run_id, "best_validation_loss": loss})
    runs = ["--run", tmp_path / "a", tmp_path / "b"]
    run("register", "--tracking-uri", uri, "--name", "caller", *runs, "--output", tmp_path / "champion.json")
    champion = read_json(tmp_path / "champion.json")
    assert (champion["run"], champion["version"], champion["alias"]) == (str(tmp_path / "b"), 1, "champion")
    assert resolve_model("models:/caller@champion", uri=uri).read_text() == "b"


def test_abandoned_runs_are_set_killed(empty_store, tmp_path):
    uri = f"sqlite:///{shutil.copy(empty_store, tmp_path / 'mlflow.db')}"
    client = connect(uri)
    runs = {name: client.create_run("1").info.run_id for name in ("held", "idle", "new")}
    for name in ("held", "idle"):
        folder = tmp_path / "state" / name
        folder.mkdir(parents=True)
        write_json(folder / "run.json", {"run_id": runs[name], "attempt": 1})
        (folder / "lock").touch()
    with open(tmp_path / "state/held/lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run("tidy", "--tracking-uri", uri, "--state-dir", tmp_path / "state")
    states = {name: client.get_run(run_id).info.status for name, run_id in runs.items()}
    assert states == {"held": "RUNNING", "idle": "KILLED", "new": "RUNNING"}


def test_without_an_idle_state_the_store_is_not_even_opened(tmp_path):
    run("tidy", "--idle-only", "--tracking-uri", "sqlite:///none.db", "--state-dir", tmp_path / "state")


def test_the_pages_are_for_a_folder_that_has_runs(tmp_path):
    write_json(tmp_path / "tracking.json", {"uri": "http://server:5000"})
    said = CliRunner().invoke(command, ["ui", str(tmp_path)], catch_exceptions=False).output
    assert said == f"the runs of {tmp_path} are on a server: http://server:5000\n"


def test_merge_and_relocate_say_what_they_did(empty_store, tmp_path):
    for name in ("one", "all"):
        (tmp_path / name).mkdir()
        shutil.copy(empty_store, tmp_path / name / "mlflow.db")
    own, common = (f"sqlite:///{tmp_path}/{name}/mlflow.db" for name in ("one", "all"))
    with open_run(own, "toys", name="a") as tracked:
        pass
    note = tmp_path / "merged.json"
    for copied in (True, False):
        run("merge", "--tracking-uri", common, "--store", tmp_path / "one/mlflow.db", "--output", note)
        assert read_json(note)["runs"] == [
            {"run_id": tracked.run_id, "store": str(tmp_path / "one/mlflow.db"), "copied": copied}
        ]
    run("relocate", "--tracking-uri", common)

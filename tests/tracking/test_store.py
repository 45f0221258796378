"""The store is made once, found again, and what cannot be a store is refused."""

import subprocess
import sys

import pytest

from seqmill.errors import InputError
from seqmill.tracking.store import connect, experiment_id, init_store


def test_making_it_twice_gives_the_same_experiment(tmp_path):
    uri = f"sqlite:///{tmp_path}/deep/mlflow.db"
    first = init_store(uri, "toys")
    assert init_store(uri, "toys") == first
    assert init_store(uri, "others") != first
    client = connect(uri)
    assert experiment_id(client, uri, "toys") == first
    location = client.get_experiment(first).artifact_location
    assert location == (tmp_path / "deep/mlflow-artifacts/toys").as_uri()


def test_artifacts_go_where_they_are_told(store, tmp_path):
    identity = init_store(store, "others", tmp_path / "files")
    assert connect(store).get_experiment(identity).artifact_location == (tmp_path / "files/others").as_uri()


@pytest.mark.parametrize("uri", ["mlruns", "file:./mlruns", "sqlite:///", "sqlite:mlflow.db", ""])
def test_what_is_no_store_is_refused(uri):
    with pytest.raises(InputError, match="want sqlite:///PATH or the http:// address"):
        init_store(uri, "toys")


def test_a_store_that_was_not_made_is_not_made_by_the_way(tmp_path):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    with pytest.raises(InputError, match="create it with: seqmill tracking init --tracking-uri"):
        connect(uri)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "mlflow.db"
    path.write_text("no database, but long enough to be looked at" * 50)
    with pytest.raises(InputError, match=r"mlflow\.db: the tracking store cannot be reached"):
        connect(f"sqlite:///{path}")


def test_a_misspelt_experiment_is_answered_with_the_nearest(store):
    with pytest.raises(InputError, match=r"no experiment 'toy' \(did you mean 'toys'\?\)"):
        experiment_id(connect(store), store, "toy")


@pytest.mark.slow
def test_many_processes_may_make_it_at_once(tmp_path):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    code = f"from seqmill.tracking.store import init_store; print(init_store({uri!r}, 'toys'))"
    made = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert [process.communicate()[0].strip() for process in made] == ["1", "1", "1"]
    assert [process.returncode for process in made] == [0, 0, 0]

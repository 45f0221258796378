"""The right store is shown, on a port that is free."""

import socket
import sys

import pytest

from seqmill.errors import InputError
from seqmill.files import write_json
from seqmill.tracking.store import KIND, connect, init_store
from seqmill.tracking.ui import find_store, free_port, page, ui_command


def test_the_store_of_a_results_folder(tmp_path):
    write_json(tmp_path / "tracking.json", {"uri": "http://server:5000"})
    assert find_store(tmp_path) == "http://server:5000"
    (tmp_path / "mlflow.db").touch()
    assert find_store(tmp_path) == f"sqlite:///{tmp_path}/mlflow.db"


def test_a_folder_without_runs_is_answered_with_those_that_have_some(tmp_path):
    (tmp_path / "real").mkdir()
    with pytest.raises(InputError, match=r"demo: no tracking store there\. Train something first"):
        find_store(tmp_path / "demo")
    (tmp_path / "real/mlflow.db").touch()
    with pytest.raises(InputError, match=r"there are runs in: .*/real\. .*make ui RESULTS="):
        find_store(tmp_path / "demo")


def test_the_command_is_for_this_machine_alone_and_wants_a_store(store, tmp_path):
    called = ui_command(store, python=sys.executable, port=5001)
    assert called[called.index("--host") + 1] == "127.0.0.1"
    assert called[called.index("--backend-store-uri") + 1] == store
    with pytest.raises(InputError, match="no tracking store there"):
        ui_command(f"sqlite:///{tmp_path}/none.db", python=sys.executable, port=5001)


def test_experiments_are_shown_as_trainings_on_the_page_of_their_runs(store):
    client = connect(store)
    client.delete_experiment_tag("1", KIND[0])
    ui_command(store, python=sys.executable, port=5001)
    assert client.get_experiment("1").tags == dict([KIND])
    assert page(store, 5001) == "http://127.0.0.1:5001/#/experiments/1/runs"
    init_store(store, "more")
    assert page(store, 5001) == "http://127.0.0.1:5001"
    assert client.get_experiment_by_name("more").tags == dict([KIND])


def test_a_port_that_is_taken_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        first = taken.getsockname()[1]
        if first < 65500:
            assert free_port(first) > first

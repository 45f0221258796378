"""A run is opened once, gone on with, and its status is the truth."""

import time
from contextlib import nullcontext

import pytest
from mlflow.exceptions import MlflowException
from mlflow.tracking.client import MlflowClient

from seqmill.errors import InputError, Interrupted, SeqmillError
from seqmill.tracking.run import end_abandoned, find_run, metric_name, open_run
from seqmill.tracking.store import connect


def status(store, run_id):
    return connect(store).get_run(run_id).info.status


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, "FINISHED"),
        (Interrupted("late"), "KILLED"),
        (KeyboardInterrupt(), "KILLED"),
        (OSError(), "FAILED"),
    ],
)
def test_the_status_says_how_it_ended(store, error, expected):
    with nullcontext() if error is None else pytest.raises(type(error)):
        with open_run(store, "toys", name="a") as run:
            assert status(store, run.run_id) == "RUNNING"
            if error is not None:
                raise error
    assert status(store, run.run_id) == expected


def test_a_resumed_run_keeps_its_id_and_its_numbers(store):
    with pytest.raises(Interrupted):
        with open_run(store, "toys", name="a", tags={"attempt": 1}) as first:
            first.metrics({"loss": 3.0}, 1)
            raise Interrupted("late")
    with open_run(store, "toys", name="a", run_id=first.run_id, tags={"attempt": 2}) as second:
        assert status(store, second.run_id) == "RUNNING"
        second.metrics({"loss": 2.0}, 2)
    client = connect(store)
    assert second.run_id == first.run_id
    history = client.get_metric_history(first.run_id, "loss")
    assert [(metric.step, metric.value) for metric in history] == [(1, 3.0), (2, 2.0)]
    found = client.get_run(first.run_id)
    assert (found.info.status, found.data.tags["attempt"]) == ("FINISHED", "2")


def test_every_number_arrives_though_none_is_waited_for(store):
    with open_run(store, "toys", name="a") as run:
        for step in range(120):
            run.metrics({"loss": step / 7, "validation loss@[x]": step}, step)
    history = connect(store).get_metric_history(run.run_id, "loss")
    assert [metric.value for metric in history] == [step / 7 for step in range(120)]


def test_what_the_store_holds_of_a_resumed_run_is_not_logged_again(store):
    with pytest.raises(Interrupted):
        with open_run(store, "toys", name="a") as first:
            for step in (1, 2, 3):
                first.metrics({"loss": step, "rate": step}, step)
            raise Interrupted("late")
    with open_run(store, "toys", name="a", run_id=first.run_id) as second:
        for step in (2, 3, 4, 4):
            second.metrics({"loss": 10.0 * step, "score": step}, step)
    client = connect(store)
    points = {
        key: sorted((point.step, point.value) for point in client.get_metric_history(first.run_id, key))
        for key in ("loss", "rate", "score")
    }
    assert points == {
        "loss": [(1, 1), (2, 2), (3, 3), (4, 40)],
        "rate": [(1, 1), (2, 2), (3, 3)],
        "score": [(2, 2), (3, 3), (4, 4)],
    }


def test_numbers_of_a_few_seconds_are_one_write(store, monkeypatch):
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    log_batch, written = SqlAlchemyStore.log_batch, []

    def noted(self, run_id, metrics, params, tags):
        written.append([metric.step for metric in metrics])
        log_batch(self, run_id, metrics, params, tags)

    monkeypatch.setattr(SqlAlchemyStore, "log_batch", noted)
    clock = iter([100, 100, 101, 104.9, 105, 105, 106, 107])
    monkeypatch.setattr("seqmill.tracking.run.time.monotonic", lambda: next(clock))
    with open_run(store, "toys", name="a") as run:
        for step in range(1, 6):
            run.metrics({"loss": step}, step)
    assert [steps for steps in written if steps] == [[1], [2, 3, 4], [5]]
    history = connect(store).get_metric_history(run.run_id, "loss")
    assert sorted(point.step for point in history) == [1, 2, 3, 4, 5]


def test_numbers_that_did_not_arrive_are_sent_again_at_the_end(store, monkeypatch):
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    log_batch, lost = SqlAlchemyStore.log_batch, []

    def away(self, run_id, metrics, params, tags):
        if metrics and metrics[0].step == 2 and not lost:
            lost.append(metrics)
            raise MlflowException("the store is away")
        log_batch(self, run_id, metrics, params, tags)

    monkeypatch.setattr(SqlAlchemyStore, "log_batch", away)
    monkeypatch.setattr("seqmill.tracking.run.EVERY_S", 0.0)
    with open_run(store, "toys", name="a") as run:
        for step in (1, 2, 3):
            run.metrics({"loss": step}, step, 1000 + step)
    history = connect(store).get_metric_history(run.run_id, "loss")
    assert lost
    assert sorted((point.step, point.timestamp) for point in history) == [(1, 1001), (2, 1002), (3, 1003)]


def test_a_store_that_fails_is_one_message_and_does_not_hide_the_first_error(store, monkeypatch, capsys):
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    def full(*_, **__):
        raise MlflowException("(sqlite3.OperationalError) database or disk is full\n[SQL: ...]")

    with pytest.raises(SeqmillError, match=r"store failed: .*disk is full; see that it has space") as caught:
        with open_run(store, "toys", name="a"):
            monkeypatch.setattr(SqlAlchemyStore, "update_run_info", full)
    assert caught.value.exit_code == 1
    monkeypatch.undo()
    with pytest.raises(OSError, match="first"):
        with open_run(store, "toys", name="a"):
            monkeypatch.setattr(SqlAlchemyStore, "update_run_info", full)
            raise OSError("first")
    assert "FAILED could not be set: (sqlite3.OperationalError) database or disk is full" in (
        capsys.readouterr().err
    )


def test_a_run_is_found_by_its_own_tag(store):
    with open_run(store, "toys", name="a", tags={"state": "k1"}) as run:
        pass
    assert find_run(store, "toys", "state", "k1") == run.run_id
    assert find_run(store, "toys", "state", "k2") is None


def test_abandoned_runs_are_killed_and_ended_ones_stay(store):
    with open_run(store, "toys", name="a") as done:
        pass
    client = connect(store)
    gone = client.create_run(client.get_experiment_by_name("toys").experiment_id).info.run_id
    assert end_abandoned(store, [done.run_id, gone, "0" * 32]) == [gone]
    assert (status(store, done.run_id), status(store, gone)) == ("FINISHED", "KILLED")
    assert end_abandoned(store, [done.run_id, gone]) == []


def test_a_run_that_was_deleted_is_not_gone_on_with(store):
    with open_run(store, "toys", name="a") as run:
        pass
    connect(store).delete_run(run.run_id)
    with pytest.raises(InputError, match="was deleted; restore it with: mlflow runs restore"):
        with open_run(store, "toys", name="a", run_id=run.run_id):
            pass


def test_params_may_be_many_and_long_and_are_logged_once(store):
    values = {f"group.key{index}": index for index in range(250)} | {"long": "x" * 9000}
    with open_run(store, "toys", name="a") as run:
        run.params(values)
        run.params(values | {"late": 1})
    params = connect(store).get_run(run.run_id).data.params
    assert len(params) == 252
    assert params["group.key249"] == "249"
    assert set(params["long"]) == {"x"}


def test_a_dataset_is_an_input_with_its_own_digest(store):
    with open_run(store, "toys", name="a") as run:
        run.dataset(name="demo", source="m.json", digest="ab" * 32, context="training")
    (found,) = connect(store).get_run(run.run_id).inputs.dataset_inputs
    assert (found.dataset.name, found.dataset.digest) == ("demo", "ab" * 18)
    assert "m.json" in found.dataset.source
    assert [(tag.key, tag.value) for tag in found.tags] == [("mlflow.data.context", "training")]


def test_a_dataset_that_others_record_in_the_same_moment_is_tried_again(store, monkeypatch):
    tried = []

    def refuse_twice(self, run_id, datasets, **others):
        tried.append(run_id)
        if len(tried) < 3:
            raise MlflowException("UNIQUE constraint failed: datasets.experiment_id")
        return real(self, run_id, datasets, **others)

    real = MlflowClient.log_inputs
    monkeypatch.setattr(MlflowClient, "log_inputs", refuse_twice)
    with open_run(store, "toys", name="a") as run:
        run.dataset(name="demo", source="m.json", digest="ab", context="training")
    assert len(tried) == 3
    assert len(connect(store).get_run(run.run_id).inputs.dataset_inputs) == 1


def test_numbers_may_be_tags_of_a_server_too(store, monkeypatch):
    seen = {}
    real = MlflowClient.create_run

    def create_run(self, *arguments, tags, **others):
        seen.update(tags)
        return real(self, *arguments, tags=tags, **others)

    monkeypatch.setattr(MlflowClient, "create_run", create_run)
    with open_run(store, "toys", name="a", tags={"seed": 1}):
        pass
    assert seen == {"seed": "1"}


def test_system_metrics_are_recorded(store, monkeypatch):
    monkeypatch.setenv("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.05")
    with open_run(store, "toys", name="a") as run, run.system_metrics():
        time.sleep(0.4)
    metrics = connect(store).get_run(run.run_id).data.metrics
    assert {"system/cpu_utilization_percentage", "system/system_memory_usage_megabytes"} <= set(metrics)


def test_a_state_of_another_store_is_refused(store):
    with pytest.raises(InputError, match="belongs to run 0123, which is not in this store"):
        with open_run(store, "toys", name="a", run_id="0123"):
            pass


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("f1.allele.clean.10x.snp", "f1.allele.clean.10x.snp"),
        ("a@b[c]", "a_b_c_"),
        ("system/cpu", "system/cpu"),
    ],
)
def test_metric_names(name, expected):
    assert metric_name(name) == expected

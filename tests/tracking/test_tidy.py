"""Runs are taken for dead when they are ours, run by nobody, and silent."""

import time

from mlflow.entities import Metric

from seqmill.tracking.store import connect
from seqmill.tracking.tidy import silent_runs

LONG_AGO = int(1000 * (time.time() - 3600))


def start(store, *, tags, started=LONG_AGO, sent=None):
    client = connect(store)
    run_id = client.create_run("1", start_time=started, tags=tags).info.run_id
    if sent is not None:
        client.log_batch(
            run_id, metrics=[Metric("system/cpu", 1.0, LONG_AGO, 0), Metric("loss", 1.0, sent, 0)]
        )
    return run_id


def test_only_a_silent_training_is_taken_for_dead(store):
    ours = {"state": "net-1"}
    now = int(1000 * time.time())
    silent = start(store, tags=ours, sent=LONG_AGO)
    mute = start(store, tags=ours)
    start(store, tags=ours, sent=now)
    start(store, tags=ours, started=now)
    start(store, tags={}, sent=LONG_AGO)
    ended = start(store, tags=ours)
    connect(store).set_terminated(ended, "FINISHED")
    assert set(silent_runs(store)) == {silent, mute}
    assert silent_runs(store, alive={silent}) == [mute]
    assert silent_runs(store, quiet_s=7200) == []

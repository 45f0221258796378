"""Runs that the store believes to be running though nobody works on them any more."""

import time
from collections.abc import Collection

from seqmill.tracking.store import connect

QUIET_S = 600.0
"""Seconds without any number after which a run is taken for dead; a living one sends some every 10 s."""


def silent_runs(uri: str, *, alive: Collection[str] = (), quiet_s: float = QUIET_S) -> list[str]:
    """Give the running trainings that have sent nothing for a while.

    It finds those whose state is gone, or lies on another machine. Runs of other programs are left out.

    Parameters
    ----------
    uri : str
        Address of the store.
    alive : collection of str
        Runs that are known to be worked on.
    quiet_s : float
        Seconds of silence that are allowed.

    Raises
    ------
    InputError
        When the store does not exist.
    """
    client = connect(uri)
    latest = 1000 * (time.time() - quiet_s)
    everywhere = [experiment.experiment_id for experiment in client.search_experiments()]
    running = client.search_runs(everywhere, "attributes.status = 'RUNNING' and tags.state LIKE '%'")
    silent = []
    for run in running:
        if run.info.run_id in alive:
            continue
        sent = (
            point.timestamp
            for key in run.data.metrics
            for point in client.get_metric_history(run.info.run_id, key)
        )
        if max(sent, default=run.info.start_time) < latest and run.info.start_time < latest:
            silent.append(str(run.info.run_id))
    return silent

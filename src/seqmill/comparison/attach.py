"""The comparison in the tracking store: one run of its own with the report, and its figures on each run."""

import time
from collections.abc import Sequence
from pathlib import Path

from mlflow.entities import Metric, RunTag
from mlflow.tracking.client import MlflowClient

from seqmill.comparison.leaderboard import rank
from seqmill.comparison.runs import Caller, Key, leading
from seqmill.evaluation.bootstrap import Estimate
from seqmill.files import digest_json
from seqmill.tracking.run import metric_name
from seqmill.tracking.store import connect

FOLDER = "comparison"
_KIND, _IDENTITY = "seqmill.kind", "seqmill.comparison"


def attach(uri: str, callers: Sequence[Caller], files: Sequence[Path], *, dataset: str) -> str | None:
    """Log a comparison; doing it again replaces what was logged.

    A run named ``comparison of DATASET`` gets all `files`. Every compared run of the store gets the tables
    among them under ``comparison/``, the place and the interval of its experiment in each cell as metrics,
    and a tag that names the comparison's run.

    Parameters
    ----------
    uri : str
        Address of the store.
    callers : sequence of Caller
        What was compared.
    files : sequence of Path
        Report and tables.
    dataset : str
        Name of the dataset.

    Returns
    -------
    str or None
        Id of the comparison's run; None when the store has none of the runs.

    Raises
    ------
    InputError
        When the store does not exist or cannot be reached.
    """
    client = connect(uri)
    there = {
        run.training["run_id"]: caller
        for caller in callers
        for run in caller.runs
        if _held(client, run.training.get("run_id"))
    }
    if not there:
        return None
    experiment = client.get_run(next(iter(there))).info.experiment_id
    run_id = _own_run(client, experiment, callers, dataset)
    for path in files:
        client.log_artifact(run_id, str(path), FOLDER)
    places = {row.caller.name: place for place, row in enumerate(rank(callers, *leading(callers)), 1)}
    for of_run, caller in there.items():
        for path in files:
            if path.suffix == ".tsv":
                client.log_artifact(of_run, str(path), FOLDER)
        _log(client, of_run, caller, places[caller.name], len(callers), run_id)
    return run_id


def _held(client: MlflowClient, run_id: str | None) -> bool:
    from mlflow.exceptions import MlflowException

    try:
        return bool(run_id) and bool(client.get_run(run_id))
    except MlflowException:
        return False


def _own_run(client: MlflowClient, experiment: str, callers: Sequence[Caller], dataset: str) -> str:
    """Find the run of this very comparison, or open and close one."""
    digests = sorted({run.dataset_digest for caller in callers for run in caller.runs})
    names = sorted(f"{run.experiment}/{run.seed}" for caller in callers for run in caller.runs)
    identity = digest_json([digests, names])[:32]
    known = client.search_runs([experiment], f"tags.`{_IDENTITY}` = '{identity}'", max_results=1)
    if known:
        return str(known[0].info.run_id)
    tags = {_KIND: FOLDER, _IDENTITY: identity, "dataset_digest": ",".join(digests)}
    created = client.create_run(experiment, tags=tags, run_name=f"comparison of {dataset}")
    client.set_terminated(created.info.run_id, "FINISHED")
    return str(created.info.run_id)


def _log(client: MlflowClient, run_id: str, caller: Caller, place: int, of: int, comparison: str) -> None:
    now = int(time.time() * 1000)
    numbers = {f"{FOLDER}.place": float(place), f"{FOLDER}.callers": float(of)}
    for key in caller.resampled:
        numbers |= _numbers(key, caller.resampled[key].share_interval())
    metrics = [Metric(metric_name(name), value, now, 0) for name, value in numbers.items() if value == value]
    known = client.get_run(run_id).data.metrics
    changed = [metric for metric in metrics if known.get(metric.key) != metric.value]
    for start in range(0, len(changed), 1000):
        client.log_batch(run_id, metrics=changed[start : start + 1000])
    client.log_batch(run_id, tags=[RunTag(_IDENTITY, comparison)])


def _numbers(key: Key, estimate: Estimate) -> dict[str, float]:
    cell, level, measure = key
    return {
        f"{FOLDER}.{measure}.{level}.{cell}{end}": value
        for end, value in (("", estimate.value), (".low", estimate.low), (".high", estimate.high))
    }

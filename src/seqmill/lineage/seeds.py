"""The other seeds of an experiment, by which a difference is judged."""

from typing import Any

from mlflow.exceptions import MlflowException

from seqmill.errors import InputError
from seqmill.files import read_json
from seqmill.lineage.recorded import METRICS, Recorded
from seqmill.tracking.run import metric_name
from seqmill.tracking.store import connect

Values = dict[str, float]

REPRODUCTION = "reproduction.json"
"""Name of the file that says how a reproduction ended; its folder holds no seed of the experiment."""


def primary(content: Any) -> Values:
    """Give the primary metrics of what ``metrics.json`` holds."""
    return {row["metric"]: float(row["value"]) for row in content["metrics"] if row["primary"]}


def other_seeds(run: Recorded) -> list[Values]:
    """Give the primary metrics of each other seed of a run's experiment on the same dataset.

    They are taken from the folders beside the run's and from its tracking store; reproductions do not count.
    """
    scored = run.scored
    if scored is None:
        return []
    found = _tracked(run, sorted(primary(scored))) | _beside(run)
    found.pop(run.seed, None)
    return list(found.values())


def _beside(run: Recorded) -> dict[int, Values]:
    found = {}
    for path in run.folder.absolute().parent.glob(f"*/{METRICS}"):
        content = read_json(path)
        if (
            content.get("experiment") == run.experiment
            and content.get("dataset_digest") == run.facts["dataset_digest"]
            and content.get("seed") is not None
            and not (path.parent / REPRODUCTION).is_file()
        ):
            found[int(content["seed"])] = primary(content)
    return found


def _tracked(run: Recorded, names: list[str]) -> dict[int, Values]:
    if run.uri is None or not run.facts["run_id"]:
        return {}
    try:
        client = connect(run.uri)
        own = client.get_run(run.facts["run_id"])
    except (InputError, MlflowException):
        return {}
    runs = client.search_runs(
        [own.info.experiment_id],
        f"tags.experiment = '{run.experiment}' and tags.dataset_digest = '{run.facts['dataset_digest']}'",
    )
    found = {}
    for one in runs:
        values = {name: one.data.metrics.get(metric_name(name)) for name in names}
        if "reproduces" not in one.data.tags and None not in values.values():
            found[int(one.data.tags["seed"])] = values
    return found

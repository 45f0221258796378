"""The model registry: the best run under a name, and from a name back to its checkpoint."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mlflow.artifacts import download_artifacts
from mlflow.exceptions import MlflowException

from seqmill.errors import InputError, nearest
from seqmill.files import read_json
from seqmill.tracking.record import CHECKPOINT, MODEL_FOLDER
from seqmill.tracking.store import connect

CHAMPION = "champion"
VALIDATION_LOSS = "validation_loss"
COMPANIONS = ("calibration.json",)
"""Files of an evaluated run that are used together with its checkpoint."""

_SCHEME = "models:/"


def register_best(
    uri: str, runs: Sequence[Path], *, name: str, metric: str = VALIDATION_LOSS
) -> dict[str, Any]:
    """Register the checkpoint of the best run as a new version of a model, under the alias ``champion``.

    Parameters
    ----------
    uri : str
        Address of the store.
    runs : sequence of Path
        Folders of runs, each with ``train.json``, and with ``metrics.json`` for a metric of the test.
    name : str
        Name of the registered model.
    metric : str
        ``validation_loss`` picks the run with the lowest one and leaves the test out of the choice; any
        other name is looked up in ``metrics.json``, and larger is better.

    Returns
    -------
    dict
        ``model``, ``version``, ``alias``, ``run_id``, ``run``, ``metric`` and ``value`` of the version.

    Raises
    ------
    InputError
        When a run lacks its files or the metric, or the store does not know it.
    """
    if not runs:
        raise InputError("register: no runs given; give each run's folder with --run")
    scored = [(_score(run, metric), str(run), run) for run in runs]
    value, _, best = min(scored) if metric == VALIDATION_LOSS else max(scored)
    run_id = _read(best / "train.json")["run_id"]
    client = connect(uri)
    try:
        root = client.get_run(run_id).info.artifact_uri
        for companion in (best / companion for companion in COMPANIONS):
            if companion.is_file():
                client.log_artifact(run_id, str(companion), MODEL_FOLDER)
        if not client.search_registered_models(f"name = '{name}'"):
            client.create_registered_model(name)
        made = client.create_model_version(
            name, f"{root}/{MODEL_FOLDER}", run_id, tags={"metric": metric, "value": str(value)}
        )
        client.set_registered_model_alias(name, CHAMPION, made.version)
    except MlflowException as error:
        raise InputError(f"{uri}: {best} cannot be registered as '{name}': {error.message}") from error
    return {
        "model": name,
        "version": int(made.version),
        "alias": CHAMPION,
        "run_id": run_id,
        "run": str(best),
        "metric": metric,
        "value": value,
    }


def resolve_model(model: str | Path, *, uri: str | None = None) -> Path:
    """Give the checkpoint file that a path or ``models:/NAME@ALIAS`` or ``models:/NAME/VERSION`` stands for.

    Files used together with it, such as ``calibration.json``, lie beside it.

    Parameters
    ----------
    model : str or Path
        What the user named.
    uri : str, optional
        Address of the store; the environment variable ``MLFLOW_TRACKING_URI`` by default.

    Raises
    ------
    InputError
        When there is no such file, model, version or store.
    """
    named = str(model)
    if not named.startswith(_SCHEME):
        path = Path(named)
        if not path.is_file():
            raise InputError(f"{named}: no such checkpoint; give a file or {_SCHEME}NAME@{CHAMPION}")
        return path
    address = uri or os.environ.get("MLFLOW_TRACKING_URI")
    if not address:
        raise InputError(f"{named}: which tracking store? give --tracking-uri or set MLFLOW_TRACKING_URI")
    client = connect(address)
    rest = named.removeprefix(_SCHEME)
    try:
        if "@" in rest:
            version = client.get_model_version_by_alias(*rest.split("@", 1))
        else:
            version = client.get_model_version(*(rest.rsplit("/", 1) if "/" in rest else (rest, "")))
        local = download_artifacts(artifact_uri=version.source, tracking_uri=address)
    except (MlflowException, OSError) as error:
        known = [registered.name for registered in client.search_registered_models()]
        wanted = rest.split("@")[0].split("/")[0]
        hint = "; it is known, but not in that version" if wanted in known else nearest(wanted, known)
        raise InputError(
            f"{named}: not in {address}{hint}; registered models: {', '.join(known) or 'none'}"
        ) from error
    return Path(local) / CHECKPOINT


def _score(run: Path, metric: str) -> float:
    if metric == VALIDATION_LOSS:
        return float(_read(run / "train.json")["best_validation_loss"])
    values = {entry["metric"]: entry["value"] for entry in _read(run / "metrics.json")["metrics"]}
    if metric not in values:
        raise InputError(
            f"{run / 'metrics.json'}: no metric '{metric}'{nearest(metric, values)}; "
            f"choose one of: {', '.join(sorted(values))}"
        )
    return float(values[metric])


def _read(path: Path) -> Any:
    if not path.is_file():
        raise InputError(f"{path}: no such file; is the run complete?")
    return read_json(path)

"""The model registry: the best run under a name, and from a name back to its checkpoint."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlflow.artifacts import download_artifacts
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.tracking.client import MlflowClient

from seqmill.errors import InputError, nearest
from seqmill.files import read_json
from seqmill.tracking.record import CHECKPOINT, EVALUATION_FOLDER, MODEL_FOLDER
from seqmill.tracking.store import connect

CHAMPION = "champion"
VALIDATION_LOSS = "validation_loss"
COMPANIONS = ("calibration.json",)
"""Files of an evaluated run that are used together with its checkpoint."""
SCORES = ("metrics.json", "items.parquet")
"""Files of an evaluated run by which it is compared with others."""

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
    version = register_run(uri, run_id, name=name, folder=best, tags={"metric": metric, "value": str(value)})
    set_champion(connect(uri), name, version)
    return {
        "model": name,
        "version": version,
        "alias": CHAMPION,
        "run_id": run_id,
        "run": str(best),
        "metric": metric,
        "value": value,
    }


def register_run(
    uri: str, run_id: str, *, name: str, folder: Path | None = None, tags: Mapping[str, str]
) -> int:
    """Make a run's checkpoint a version of a registered model, unless it is one; give the version's number.

    Parameters
    ----------
    uri : str
        Address of the store.
    run_id : str
        The run.
    name : str
        Registered model, made where there is none.
    folder : Path, optional
        The run's folder, whose scores and companions of the checkpoint are logged too. By default they are
        those that were logged already.
    tags : mapping
        What the version is to say about itself.

    Raises
    ------
    InputError
        When the store does not know the run, or refuses.
    """
    client = connect(uri)
    try:
        root = client.get_run(run_id).info.artifact_uri
        if folder is not None:
            _log_files(client, run_id, folder)
        else:
            _log_companions(client, run_id)
        if not client.search_registered_models(f"name = '{name}'"):
            client.create_registered_model(name)
        known = [version for version in _versions(client, name) if version.run_id == run_id]
        if known:
            for key, value in tags.items():
                client.set_model_version_tag(name, known[-1].version, key, value)
            return int(known[-1].version)
        made = client.create_model_version(name, f"{root}/{MODEL_FOLDER}", run_id, tags=dict(tags))
    except MlflowException as error:
        raise InputError(
            f"{uri}: {folder or run_id} cannot be registered as '{name}': {error.message}"
        ) from error
    return int(made.version)


def champion_version(client: MlflowClient, name: str) -> ModelVersion | None:
    """Give the version of a registered model that has the alias ``champion``; None where none has."""
    try:
        return client.get_model_version_by_alias(name, CHAMPION)
    except MlflowException:
        return None


def set_champion(client: MlflowClient, name: str, version: int) -> None:
    """Move the alias ``champion`` to a version."""
    client.set_registered_model_alias(name, CHAMPION, str(version))


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


def _versions(client: MlflowClient, name: str) -> list[ModelVersion]:
    found = client.search_model_versions(f"name = '{name}'")
    return sorted(found, key=lambda version: int(version.version))


def _log_files(client: MlflowClient, run_id: str, folder: Path) -> None:
    """Log what a run's checkpoint is used with, and its scores where they were not logged yet."""
    for companion in (folder / companion for companion in COMPANIONS):
        if companion.is_file():
            client.log_artifact(run_id, str(companion), MODEL_FOLDER)
    logged = {Path(found.path).name for found in client.list_artifacts(run_id, EVALUATION_FOLDER)}
    for name in SCORES:
        if name not in logged and (folder / name).is_file():
            client.log_artifact(run_id, str(folder / name), EVALUATION_FOLDER)


def _log_companions(client: MlflowClient, run_id: str) -> None:
    """Lay what the evaluation logged, and the checkpoint is used with, beside the checkpoint."""
    logged = {Path(found.path).name for found in client.list_artifacts(run_id, EVALUATION_FOLDER)}
    with tempfile.TemporaryDirectory() as scratch:
        for companion in logged & set(COMPANIONS):
            local = client.download_artifacts(run_id, f"{EVALUATION_FOLDER}/{companion}", scratch)
            client.log_artifact(run_id, local, MODEL_FOLDER)


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

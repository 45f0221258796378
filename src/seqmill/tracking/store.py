"""The tracking store: where runs are kept, and how to reach it."""

import fcntl
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from mlflow.exceptions import MlflowException
from mlflow.tracking.client import MlflowClient
from sqlalchemy.exc import SQLAlchemyError

from seqmill.errors import InputError, nearest
from seqmill.tracking.relocate import relocate

KIND = ("mlflow.experimentKind", "custom_model_development")
"""Tag of an experiment that makes MLflow's pages show trainings, in place of conversations with a model."""

_SQLITE = "sqlite:///"
_SERVERS = ("http://", "https://", "postgresql", "mysql", "mssql")
for _noisy in ("alembic", "mlflow.store.db.utils", "mlflow.system_metrics.system_metrics_monitor"):
    logging.getLogger(_noisy).setLevel(logging.WARNING)


def init_store(uri: str, experiment: str, artifact_root: Path | None = None) -> str:
    """Create the store and an experiment in it; both may exist already.

    A fresh SQLite store does not survive being created by many processes at once, so they take turns here;
    runs are opened in a store that exists.

    Parameters
    ----------
    uri : str
        ``sqlite:///PATH`` or a server's address.
    experiment : str
        Name of the experiment in the store.
    artifact_root : Path, optional
        Folder of the files that runs log; beside a SQLite store by default, else the server's choice.

    Returns
    -------
    str
        The experiment's id.

    Raises
    ------
    InputError
        When the address is none that can be used, or the store cannot be reached.
    """
    path = _check(uri)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        artifact_root = artifact_root or path.parent / f"{path.stem}-artifacts"
        _find_files(path)
    with _turn(path.parent) if path is not None else nullcontext():
        client = _client(uri)
        known = client.get_experiment_by_name(experiment)
        if known is not None:
            return str(known.experiment_id)
        location = None
        if artifact_root is not None:
            folder = artifact_root.resolve() / experiment
            folder.mkdir(parents=True, exist_ok=True)
            location = folder.as_uri()
        return str(client.create_experiment(experiment, artifact_location=location, tags=dict([KIND])))


def connect(uri: str) -> MlflowClient:
    """Open a store that exists; files that were moved together with it are found again.

    Raises
    ------
    InputError
        When it does not exist or cannot be reached.
    """
    path = _check(uri)
    if path is not None and not path.is_file():
        raise InputError(
            f"{uri}: no tracking store there; create it with: "
            f"seqmill tracking init --tracking-uri {uri} --experiment NAME"
        )
    if path is not None:
        _find_files(path)
    return _client(uri)


def experiment_id(client: MlflowClient, uri: str, name: str) -> str:
    """Give the id of an experiment; runs are opened by id, since names race.

    Raises
    ------
    InputError
        When the store has no such experiment.
    """
    found = client.get_experiment_by_name(name)
    if found is None:
        known = [experiment.name for experiment in client.search_experiments()]
        raise InputError(
            f"{uri}: no experiment '{name}'{nearest(name, known)}; "
            f"create it with: seqmill tracking init --tracking-uri {uri} --experiment {name}"
        )
    return str(found.experiment_id)


def _find_files(store: Path) -> None:
    if not store.is_file():
        return
    for old, new in relocate(store).items():
        print(f"{store} was moved: logged files are at {new} now, no longer at {old}", file=sys.stderr)


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Wait until no other process holds the folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _check(uri: str) -> Path | None:
    """Give the file of a SQLite store, None for a server."""
    if uri.startswith(_SQLITE) and len(uri) > len(_SQLITE):
        return Path(uri.removeprefix(_SQLITE))
    if uri.startswith(_SERVERS):
        return None
    raise InputError(f"tracking store: found '{uri}', want sqlite:///PATH or the http:// address of a server")


def _client(uri: str) -> MlflowClient:
    try:
        client = MlflowClient(uri)
        client.search_experiments(max_results=1)
    except (MlflowException, SQLAlchemyError, OSError) as error:
        raise InputError(f"{uri}: the tracking store cannot be reached: {first_line(error)}") from error
    return client


def first_line(error: Any) -> str:
    """Give what an error says first; stores add the statement and its values."""
    return str(error).strip().splitlines()[0]

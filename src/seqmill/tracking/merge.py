"""Copy runs from stores of their own into one store, as often as one likes.

Where many machines share a network file system, SQLite's locks cannot be trusted with several writers. Each
run then writes a store of its own, and one job copies them all into one. Tables are read as they are found,
so nothing here restates MLflow's schema beyond the names of tables and keys.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

from seqmill.errors import InputError
from seqmill.tracking.store import connect, init_store

MERGED = "seqmill.merged"
"""Tag of a copied run: digest of what was copied."""

_OF_RUN = ("params", "tags", "metrics", "latest_metrics")
_TABLES = ("experiments", "runs", *_OF_RUN, "datasets", "inputs", "input_tags")
_PLACE = ("experiment_id", "artifact_uri", "lifecycle_stage", "deleted_time")
Row = dict[str, Any]


def merge(stores: Sequence[Path], uri: str) -> list[dict[str, Any]]:
    """Copy every run of `stores` into the store at `uri`.

    Copied are id, name, status, times, params, tags, history of metrics, dataset inputs and logged files.
    A run that is as it was at the last merge is left alone. Of one that has changed, its own store decides
    about every key that it holds; what was added in the common store under other keys stays, and a run that
    was deleted there stays deleted. Models are registered in the common store only, so none are copied.

    Parameters
    ----------
    stores : sequence of Path
        SQLite files, one or more runs in each.
    uri : str
        Address of the common store: SQLite, or the database of a server. Experiments are made there as
        needed.

    Returns
    -------
    list of dict
        ``run_id``, ``store`` and ``copied`` (False where nothing had changed) of each run.

    Raises
    ------
    InputError
        When a store does not exist, the address is that of a server, or a run is in two of the stores.
    """
    if uri.startswith("http"):
        raise InputError(
            f"{uri}: a server gives runs new ids, so none can be copied through it; "
            "give sqlite:///PATH, or the address of the server's database (postgresql://...)"
        )
    done: dict[str, dict[str, Any]] = {}
    for path in stores:
        connect(f"sqlite:///{path}")
        with _Database.open(f"sqlite:///{path}") as own:
            for run in own.rows("runs"):
                run_id = run["run_uuid"]
                if run_id in done:
                    raise InputError(f"{path}: run {run_id} is in {done[run_id]['store']} too; give it once")
                done[run_id] = {"run_id": run_id, "store": str(path), "copied": _copy(own, run, uri)}
    return list(done.values())


def _copy(own: "_Database", run: Row, uri: str) -> bool:
    """Copy one run unless it is there as it is; say whether it was copied."""
    run_id = run["run_uuid"]
    (experiment,) = own.rows("experiments", experiment_id=run["experiment_id"])
    experiment_id = init_store(uri, experiment["name"])
    files = _folder(run["artifact_uri"])
    digest = _digest(own, run, files)
    with _Database.open(uri) as common:
        tags = {row["key"]: row["value"] for row in common.rows("tags", run_uuid=run_id)}
        if tags.get(MERGED) == digest:
            return False
        _put_run(own, common, run, int(experiment_id))
        _put_inputs(own, common, run_id, int(experiment_id))
    if files.is_dir():
        place = connect(uri).get_run(run_id).info.artifact_uri
        get_artifact_repository(place, tracking_uri=uri).log_artifacts(str(files))
    _mark(uri, run_id, digest)
    return True


def _put_run(own: "_Database", common: "_Database", run: Row, experiment_id: int) -> None:
    run_id = run["run_uuid"]
    if common.rows("runs", run_uuid=run_id):
        common.update("runs", {key: run[key] for key in run if key not in _PLACE}, run_uuid=run_id)
    else:
        (experiment,) = common.rows("experiments", experiment_id=experiment_id)
        address = f"{experiment['artifact_location']}/{run_id}/artifacts"
        common.insert("runs", [{**run, "experiment_id": experiment_id, "artifact_uri": address}])
    for table in _OF_RUN:
        rows = own.rows(table, run_uuid=run_id)
        common.delete(table, run_uuid=run_id, key=sorted({row["key"] for row in rows}))
        common.insert(table, rows)


def _put_inputs(own: "_Database", common: "_Database", run_id: str, experiment_id: int) -> None:
    """Copy the datasets of a run; one of the same name and digest is there once for all runs."""
    used = {"destination_type": "RUN", "destination_id": run_id}
    common_links = {link["source_id"] for link in common.rows("inputs", **used)}
    for link in own.rows("inputs", **used):
        (dataset,) = own.rows("datasets", dataset_uuid=link["source_id"])
        dataset = {**dataset, "experiment_id": experiment_id}
        same = {key: dataset[key] for key in ("experiment_id", "name", "digest")}
        known = common.rows("datasets", **same)
        if not known:
            common.insert("datasets", [dataset])
            known = [dataset]
        identity = known[0]["dataset_uuid"]
        if identity not in common_links:
            common.insert("inputs", [{**link, "source_id": identity}])
            common.insert("input_tags", own.rows("input_tags", input_uuid=link["input_uuid"]))


def _digest(own: "_Database", run: Row, files: Path) -> str:
    """Digest all that is copied of a run; files by name, size and time."""
    run_id = run["run_uuid"]
    digest = hashlib.sha256(repr(sorted((key, run[key]) for key in run if key not in _PLACE)).encode())
    links = own.rows("inputs", destination_id=run_id)
    tables = [own.rows(table, run_uuid=run_id) for table in _OF_RUN]
    for rows in [*tables, links]:
        digest.update("\n".join(sorted(repr(sorted(row.items())) for row in rows)).encode())
    for path in sorted(files.rglob("*")):
        if path.is_file():
            stat = path.stat()
            digest.update(f"{path.relative_to(files)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _mark(uri: str, run_id: str, digest: str) -> None:
    with _Database.open(uri) as common:
        common.delete("tags", run_uuid=run_id, key=MERGED)
        common.insert("tags", [{"run_uuid": run_id, "key": MERGED, "value": digest}])


def _folder(address: str) -> Path:
    return Path(unquote(urlsplit(address).path))


class _Database:
    """The tables of a store, inside one transaction."""

    def __init__(self, connection: sa.Connection, tables: dict[str, sa.Table]) -> None:
        self._connection = connection
        self._tables = tables

    @classmethod
    @contextmanager
    def open(cls, uri: str) -> Iterator["_Database"]:
        """Open a store; what was changed is kept when the block ends well."""
        engine = sa.create_engine(uri)
        try:
            found = sa.MetaData()
            found.reflect(engine, only=_TABLES, resolve_fks=False)
            with engine.begin() as connection:
                yield cls(connection, dict(found.tables))
        finally:
            engine.dispose()

    def rows(self, table: str, **where: Any) -> list[Row]:
        """Give the rows whose columns have the given values."""
        chosen = self._tables[table]
        found = self._connection.execute(sa.select(chosen).where(*self._are(chosen, where)))
        return [dict(row) for row in found.mappings()]

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows."""
        if rows:
            self._connection.execute(self._tables[table].insert(), list(rows))

    def update(self, table: str, values: Row, **where: Any) -> None:
        """Change the rows whose columns have the given values."""
        chosen = self._tables[table]
        self._connection.execute(chosen.update().where(*self._are(chosen, where)).values(**values))

    def delete(self, table: str, **where: Any) -> None:
        """Remove the rows whose columns have the given values, or one of several."""
        chosen = self._tables[table]
        self._connection.execute(chosen.delete().where(*self._are(chosen, where)))

    @staticmethod
    def _are(table: sa.Table, where: dict[str, Any]) -> list[Any]:
        return [
            table.c[name].in_(value) if isinstance(value, list) else table.c[name] == value
            for name, value in where.items()
        ]

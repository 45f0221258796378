"""A run as it was recorded: its checkpoint, its scores, and where it was tracked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlflow.artifacts import download_artifacts
from mlflow.exceptions import MlflowException

from seqmill.errors import InputError
from seqmill.files import read_json
from seqmill.origin import KEY, Node
from seqmill.tracking.record import CHECKPOINT, MODEL_FOLDER
from seqmill.tracking.store import connect
from seqmill.training.checkpoint import origin, read_facts

METRICS, PREDICTIONS = "metrics.json", "predictions.parquet"


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A finished run.

    Attributes
    ----------
    folder : Path
        Where its files lie, or a copy of them.
    facts : mapping
        What its checkpoint says, see `seqmill.training.checkpoint.read_facts`.
    uri : str or None
        Its tracking store; None when it cannot be told.
    """

    folder: Path
    facts: Mapping[str, Any]
    uri: str | None

    @property
    def run_id(self) -> str:
        """Id in the tracking store; the folder for a run without one."""
        return self.facts["run_id"] or str(self.folder)

    @property
    def experiment(self) -> str:
        """Name of its experiment."""
        return str(self.facts["config"]["experiment"])

    @property
    def seed(self) -> int:
        """Its seed."""
        return int(self.facts["config"]["seed"])

    @property
    def origin(self) -> Node:
        """The checkpoint with what it was made of."""
        return origin(self.folder / CHECKPOINT, self.facts)

    @property
    def scored(self) -> Mapping[str, Any] | None:
        """What its ``metrics.json`` holds; None for a run that was not evaluated."""
        path = self.folder / METRICS
        return read_json(path, "metrics", "dataset_digest") if path.is_file() else None

    @property
    def plan(self) -> Node | None:
        """The dataset plan it was scored by; None where that was not recorded."""
        scored = self.scored or {}
        if KEY not in scored:
            return None
        nodes = Node.from_dict(scored[KEY], source=self.folder / METRICS).walk()
        return next((node for node in nodes if node.kind == "plan"), None)


def find_run(run: str, *, uri: str | None, scratch: Path) -> Recorded:
    """Find a run by its folder, or by its id in a tracking store.

    Parameters
    ----------
    run : str
        A folder with ``checkpoint.ckpt``, or an id.
    uri : str, optional
        The store; for a folder the one its training was told, or ``mlflow.db`` above it.
    scratch : Path
        Where files of the store are copied to.

    Raises
    ------
    InputError
        When there is no such run, or it is not finished.
    """
    folder = Path(run)
    if folder.is_dir():
        checkpoint = folder / CHECKPOINT
        if not checkpoint.is_file():
            raise InputError(f"{folder}: no {CHECKPOINT} there; name the folder of a finished run")
        facts = read_facts(checkpoint)
        return Recorded(folder=folder, facts=facts, uri=uri or _store_of(folder, facts))
    if uri is None:
        raise InputError(
            f"{run}: no such folder; for the id of a tracked run, give its store too: "
            "--tracking-uri sqlite:///results/NAME/mlflow.db"
        )
    folder = _download(run, uri, scratch)
    return Recorded(folder=folder, facts=read_facts(folder / CHECKPOINT), uri=uri)


def _store_of(folder: Path, facts: Mapping[str, Any]) -> str | None:
    step = Node.from_dict(facts[KEY]).step if KEY in facts else None
    told = re.search(r"--tracking-uri[= ](\S+)", step.command if step else "")
    if told:
        return told[1]
    above = next((at / "mlflow.db" for at in folder.parents if (at / "mlflow.db").is_file()), None)
    return f"sqlite:///{above}" if above else None


def _download(run_id: str, uri: str, scratch: Path) -> Path:
    """Copy what is needed of a tracked run into one folder."""
    client = connect(uri)
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        client.get_run(run_id)
    except MlflowException as error:
        raise InputError(
            f"{run_id}: no folder, and no run of {uri}; give the id as the UI shows it"
        ) from error
    files = {f"{MODEL_FOLDER}/{CHECKPOINT}": True, f"evaluation/{METRICS}": False}
    for path, needed in (files | {f"evaluation/{PREDICTIONS}": False}).items():
        try:
            local = download_artifacts(
                run_id=run_id, artifact_path=path, dst_path=str(scratch), tracking_uri=uri
            )
            Path(local).replace(scratch / Path(path).name)
        except (MlflowException, OSError) as error:
            if needed:
                raise InputError(
                    f"{run_id}: {path} is not among the files of this run in {uri}; is it finished?"
                ) from error
    return scratch

"""One tracked run: opened once, gone on with after a stop, and honest about how it ended."""

import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from mlflow.entities import LifecycleStage, Metric, Param, RunStatus, RunTag
from mlflow.exceptions import MlflowException
from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor
from mlflow.tracking.client import MlflowClient

from seqmill.errors import InputError, Interrupted, SeqmillError
from seqmill.tracking.store import connect, experiment_id, first_line

EVERY_S = 5.0
"""Seconds between two writes of numbers: a write costs about as much with one number as with fifty."""

_BATCH = 100  # most parameters that the store takes at once
_METRICS = 1000  # most metrics that the store takes at once
_TRIES = 5
_LONGEST_TAG = 5000
_LONGEST_PARAM = 6000


class Run:
    """A run in the store; metrics are sent in the background every few seconds, each key and step once.

    Parameters
    ----------
    client : MlflowClient
        The store.
    uri : str
        Its address.
    run_id : str
        The run's id in the store.
    resumed : bool
        Whether an earlier process may have logged metrics, which are then not logged again.

    Attributes
    ----------
    run_id : str
        The run's id in the store.
    """

    def __init__(self, client: MlflowClient, uri: str, run_id: str, *, resumed: bool = False) -> None:
        self.run_id = run_id
        self._client = client
        self._uri = uri
        self._resumed = resumed
        self._held: dict[str, set[int]] = {}
        self._waiting: list[Metric] = []
        self._sent: list[tuple[Future[Any], list[Metric]]] = []
        self._sent_at = -EVERY_S
        self._sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tracking")

    def metrics(self, values: Mapping[str, float], step: int, time_ms: int | None = None) -> None:
        """Log numbers at a step, without waiting for the store; what it holds of a resumed run is left out.

        Parameters
        ----------
        values : mapping
            Number by name.
        step : int
            The step they belong to.
        time_ms : int, optional
            When they were made, in ms since 1970; now, unless it is given.
        """
        now = int(time.time() * 1000) if time_ms is None else time_ms
        metrics = [Metric(metric_name(name), float(value), now, step) for name, value in values.items()]
        if self._resumed:
            metrics = self._missing(metrics)
        self._waiting += metrics
        if time.monotonic() - self._sent_at >= EVERY_S:
            self._send()

    def params(self, values: Mapping[str, Any]) -> None:
        """Log parameters; one that was logged before keeps its value."""
        known = self._client.get_run(self.run_id).data.params
        params = [
            Param(key, str(value)[:_LONGEST_PARAM]) for key, value in values.items() if key not in known
        ]
        for start in range(0, len(params), _BATCH):
            self._client.log_batch(self.run_id, params=params[start : start + _BATCH])

    def tags(self, values: Mapping[str, Any]) -> None:
        """Set tags."""
        tags = [RunTag(key, value) for key, value in _texts(values).items()]
        self._client.log_batch(self.run_id, tags=tags)

    def file(self, path: Path, folder: str | None = None) -> None:
        """Keep a copy of a file among the run's artifacts."""
        self._client.log_artifact(self.run_id, str(path), folder)

    def text(self, content: str, name: str) -> None:
        """Keep a text among the run's artifacts."""
        self._client.log_text(self.run_id, content, name)

    def dataset(self, *, name: str, source: str, digest: str, context: str) -> None:
        """Record a dataset as the run's input, with its own digest (cut to the store's 36 characters)."""
        from mlflow.data.code_dataset_source import CodeDatasetSource
        from mlflow.data.meta_dataset import MetaDataset
        from mlflow.entities import DatasetInput, InputTag

        described = MetaDataset(CodeDatasetSource({"manifest": source}), name=name, digest=digest[:36])
        tag = InputTag("mlflow.data.context", context)
        inputs = [DatasetInput(described._to_mlflow_entity(), [tag])]
        for tries_left in reversed(range(_TRIES)):
            try:
                self._client.log_inputs(self.run_id, inputs)
                return
            except MlflowException:  # runs that record the same new dataset at once: all but one are refused
                if not tries_left:
                    raise
                time.sleep(0.1)

    @contextmanager
    def system_metrics(self) -> Iterator[None]:
        """Record use of processor, memory, disk, network and GPU every 10 s while the block runs."""
        monitor = SystemMetricsMonitor(self.run_id, resume_logging=True, tracking_uri=self._uri)
        monitor.start()
        try:
            yield
        finally:
            monitor.finish()

    def close(self, status: str) -> None:
        """Wait for what was sent, send again what did not arrive, and set how the run ended."""
        self._send()
        self._sender.shutdown()
        lost = [metrics for sent, metrics in self._sent if sent.exception()]
        self._sent = []
        try:
            self._held = {}
            missing = self._missing(chain.from_iterable(lost))
            for start in range(0, len(missing), _METRICS):
                self._client.log_batch(self.run_id, metrics=missing[start : start + _METRICS])
        except MlflowException as error:  # numbers lost on the way must not cost the run its result
            print(f"warning: {self._uri}: some metrics were not logged: {first_line(error)}", file=sys.stderr)
        self._client.set_terminated(self.run_id, status)

    def _send(self) -> None:
        """Hand what waits to the thread that talks to the store; forget what has arrived."""
        self._sent = [sent for sent in self._sent if not sent[0].done() or sent[0].exception()]
        for start in range(0, len(self._waiting), _METRICS):
            metrics = self._waiting[start : start + _METRICS]
            sent = self._sender.submit(self._client.log_batch, self.run_id, metrics, synchronous=True)
            self._sent.append((sent, metrics))
        self._waiting = []
        self._sent_at = time.monotonic()

    def _missing(self, metrics: Iterable[Metric]) -> list[Metric]:
        """Leave out what the store holds, by key and step; the store is asked once for a key."""
        missing = []
        for metric in metrics:
            if metric.key not in self._held:
                history = self._client.get_metric_history(self.run_id, metric.key)
                self._held[metric.key] = {held.step for held in history}
            if metric.step not in self._held[metric.key]:
                self._held[metric.key].add(metric.step)
                missing.append(metric)
        return missing


@contextmanager
def open_run(
    uri: str, experiment: str, *, name: str, run_id: str | None = None, tags: Mapping[str, Any] | None = None
) -> Iterator[Run]:
    """Open a run, or go on with `run_id`; the run's status says how the block ended.

    Status is RUNNING in the block, then FINISHED, KILLED when it raised `Interrupted`, and FAILED on any
    other error.

    Raises
    ------
    InputError
        When store, experiment or run do not exist.
    SeqmillError
        When the store fails later on.
    """
    with _told(uri):
        run = _open(uri, experiment, name, run_id, tags or {})
        try:
            yield run
        except BaseException as error:
            status = "KILLED" if isinstance(error, (Interrupted, KeyboardInterrupt)) else "FAILED"
            try:
                run.close(status)
            except MlflowException as second:  # the first error is the one to tell
                print(f"warning: {uri}: {status} could not be set: {first_line(second)}", file=sys.stderr)
            raise
        run.close("FINISHED")


def find_run(uri: str, experiment: str, tag: str, value: str) -> str | None:
    """Give the id of the run that carries a tag with a value of its own, None when there is none.

    Raises
    ------
    InputError
        When store or experiment do not exist.
    """
    client = connect(uri)
    found = client.search_runs([experiment_id(client, uri, experiment)], f"tags.`{tag}` = '{value}'")
    return str(found[0].info.run_id) if found else None


def end_abandoned(uri: str, run_ids: Iterable[str]) -> list[str]:
    """Set runs KILLED whose process is gone though the store believes that they are running.

    A process that is killed without warning cannot say so itself.

    Parameters
    ----------
    uri : str
        Address of the store.
    run_ids : iterable of str
        Runs that no process works on; those that the store does not know are left out.

    Returns
    -------
    list of str
        Those that were running according to the store.

    Raises
    ------
    InputError
        When the store does not exist.
    """
    client = connect(uri)
    ended = []
    for run_id in run_ids:
        try:
            status = client.get_run(run_id).info.status
        except MlflowException:
            continue
        if not RunStatus.is_terminated(RunStatus.from_string(status)):
            client.set_terminated(run_id, "KILLED")
            ended.append(run_id)
    return ended


def metric_name(name: str) -> str:
    """Give `name` with every character that the store refuses replaced by an underscore."""
    return re.sub(r"[^\w\-./ ]", "_", name)


def _texts(tags: Mapping[str, Any]) -> dict[str, str]:
    """Give tags as texts that a store takes; a server refuses numbers."""
    return {key: str(value)[:_LONGEST_TAG] for key, value in tags.items()}


def _open(uri: str, experiment: str, name: str, run_id: str | None, tags: Mapping[str, Any]) -> Run:
    client = connect(uri)
    if run_id is None:
        created = client.create_run(experiment_id(client, uri, experiment), tags=_texts(tags), run_name=name)
        return Run(client, uri, created.info.run_id)
    run = Run(client, uri, _existing(client, uri, run_id), resumed=True)
    client.update_run(run.run_id, status="RUNNING")
    run.tags(tags)
    return run


@contextmanager
def _told(uri: str) -> Iterator[None]:
    """Turn what a store says when it fails (full, gone, locked) into one message."""
    try:
        yield
    except MlflowException as error:
        raise SeqmillError(
            f"{uri}: the tracking store failed: {first_line(error)}; "
            "see that it has space and can be reached, then run the same command again to go on"
        ) from error


def _existing(client: MlflowClient, uri: str, run_id: str) -> str:
    try:
        info = client.get_run(run_id).info
    except MlflowException as error:
        raise InputError(
            f"{uri}: the saved state belongs to run {run_id}, which is not in this store; "
            "give the store it was started with, or remove the state to start again"
        ) from error
    if info.lifecycle_stage != LifecycleStage.ACTIVE:
        raise InputError(
            f"{uri}: the saved state belongs to run {run_id}, which was deleted; "
            f"restore it with: mlflow runs restore --run-id {run_id}, or remove the state to start again"
        )
    return str(info.run_id)

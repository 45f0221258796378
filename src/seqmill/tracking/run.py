"""One tracked run: opened once, gone on with after a stop, and honest about how it ended."""

import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mlflow.entities import Metric, Param, RunTag
from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor
from mlflow.tracking.client import MlflowClient

from seqmill.errors import InputError, Interrupted
from seqmill.tracking.store import connect, experiment_id

_BATCH = 100  # most parameters that the store takes at once
_LONGEST_TAG = 5000
_LONGEST_PARAM = 6000


class Run:
    """A run in the store; metrics are sent in the background.

    Attributes
    ----------
    run_id : str
        The run's id in the store.
    """

    def __init__(self, client: MlflowClient, uri: str, run_id: str) -> None:
        self.run_id = run_id
        self._client = client
        self._uri = uri
        self._sent: list[Any] = []

    def metrics(self, values: Mapping[str, float], step: int) -> None:
        """Log numbers at a step, without waiting for the store."""
        now = int(time.time() * 1000)
        metrics = [Metric(metric_name(name), float(value), now, step) for name, value in values.items()]
        sent = self._client.log_batch(self.run_id, metrics=metrics, synchronous=False)
        self._sent = [operation for operation in self._sent if not _is_done(operation)] + [sent]

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
        tags = [RunTag(key, str(value)[:_LONGEST_TAG]) for key, value in values.items()]
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
        self._client.log_inputs(self.run_id, [DatasetInput(described._to_mlflow_entity(), [tag])])

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
        """Wait for what was sent and set how the run ended."""
        for operation in self._sent:
            try:
                operation.wait()
            except Exception as error:  # numbers lost on the way must not cost the run its result
                print(f"warning: tracking store: some metrics were not logged: {error}", file=sys.stderr)
        self._sent = []
        self._client.set_terminated(self.run_id, status)


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
    """
    client = connect(uri)
    if run_id is None:
        created = client.create_run(
            experiment_id(client, uri, experiment), tags=dict(tags or {}), run_name=name
        )
        run = Run(client, uri, created.info.run_id)
    else:
        run = Run(client, uri, _existing(client, uri, run_id))
        client.update_run(run.run_id, status="RUNNING")
        run.tags(tags or {})
    status = "FAILED"
    try:
        yield run
        status = "FINISHED"
    except (Interrupted, KeyboardInterrupt):
        status = "KILLED"
        raise
    finally:
        run.close(status)


def metric_name(name: str) -> str:
    """Give `name` with every character that the store refuses replaced by an underscore."""
    return re.sub(r"[^\w\-./ ]", "_", name)


def _existing(client: MlflowClient, uri: str, run_id: str) -> str:
    from mlflow.exceptions import MlflowException

    try:
        return str(client.get_run(run_id).info.run_id)
    except MlflowException as error:
        raise InputError(
            f"{uri}: the saved state belongs to run {run_id}, which is not in this store; "
            "give the store it was started with, or remove the state to start again"
        ) from error


def _is_done(operation: Any) -> bool:
    return all(future.done() for future in operation._operation_futures)

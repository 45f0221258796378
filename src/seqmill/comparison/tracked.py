"""What the tracking store knows of runs beyond their folders: code, packages, machine, use of resources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from mlflow.environment_variables import MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR
from mlflow.exceptions import MlflowException
from mlflow.tracking.client import MlflowClient

from seqmill.comparison.runs import Run
from seqmill.tracking.store import connect

_PACKAGES = "environment/packages.txt"
_MEMORY = "system/system_memory_usage_megabytes"
_GPU_MEMORY, _GPU_POWER = "memory_usage_megabytes", "power_usage_watts"


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Resources a run used, as the system metrics recorded them; None where they did not.

    Attributes
    ----------
    gpus : int
        GPUs seen.
    memory_gb, gpu_memory_gb : float or None
        Highest use of the machine's memory, and of the memory of all GPUs.
    energy_wh : float or None
        Energy of the GPUs: their power integrated over the time it was recorded.
    """

    gpus: int = 0
    memory_gb: float | None = None
    gpu_memory_gb: float | None = None
    energy_wh: float | None = None


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """One run in the tracking store.

    Attributes
    ----------
    tags : mapping
        Its tags, such as ``mlflow.source.git.commit`` and ``host``.
    packages : mapping
        Package -> version.
    usage : Usage
        What it used.
    """

    tags: Mapping[str, str] = field(default_factory=dict)
    packages: Mapping[str, str] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)


def read_tracked(uri: str, runs: Sequence[Run]) -> dict[str, Tracked]:
    """Look runs up in the store, as run id -> what it knows; a run it does not have is left out.

    Raises
    ------
    InputError
        When the store does not exist or cannot be reached.
    """
    client = connect(uri)
    found = {}
    for run_id in (run.training.get("run_id") for run in runs):
        if not run_id:
            continue
        try:
            known = client.get_run(run_id)
        except MlflowException:
            continue
        keys = [key for key in known.data.metrics if key.startswith("system/")]
        found[run_id] = Tracked(
            tags=dict(known.data.tags), packages=_packages(client, run_id), usage=_usage(client, run_id, keys)
        )
    return found


def energy(times_ms: Sequence[int], watts: Sequence[float]) -> float:
    """Integrate power over time by trapezoids, in watt hours."""
    points = sorted(zip(times_ms, watts, strict=True))
    joules = sum(
        (later[0] - earlier[0]) / 1000 * (later[1] + earlier[1]) / 2 for earlier, later in pairwise(points)
    )
    return joules / 3600


def _usage(client: MlflowClient, run_id: str, keys: Sequence[str]) -> Usage:
    def highest(names: Sequence[str]) -> float | None:
        peaks = [max(point.value for point in client.get_metric_history(run_id, name)) for name in names]
        return sum(peaks) / 1000 if peaks else None

    powers = [key for key in keys if key.startswith("system/gpu_") and key.endswith(_GPU_POWER)]
    spent = 0.0
    for key in powers:
        history = client.get_metric_history(run_id, key)
        spent += energy([point.timestamp for point in history], [point.value for point in history])
    memories = [key for key in keys if key.startswith("system/gpu_") and key.endswith(_GPU_MEMORY)]
    return Usage(
        gpus=len(memories),
        memory_gb=highest([key for key in keys if key == _MEMORY]),
        gpu_memory_gb=highest(memories),
        energy_wh=spent if powers else None,
    )


def _packages(client: MlflowClient, run_id: str) -> dict[str, str]:
    MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR.set(False)
    with TemporaryDirectory(prefix="seqmill-packages-") as folder:
        try:
            path = client.download_artifacts(run_id, _PACKAGES, folder)
        except (MlflowException, OSError):
            return {}
        lines = Path(path).read_text().split()
    return dict(line.split("==", 1) for line in lines if "==" in line)

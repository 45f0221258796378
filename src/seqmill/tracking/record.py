"""What every run records about itself, and what is added to it later."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlflow.entities import Metric

from seqmill.files import program_version
from seqmill.revision import running
from seqmill.tracking.provenance import machine, packages
from seqmill.tracking.run import Run, metric_name
from seqmill.tracking.store import connect

CHECKPOINT = "checkpoint.ckpt"
MODEL_FOLDER = "model"
"""Where a run's checkpoint, and what is used with it, lie among its artifacts."""
EVALUATION_FOLDER = "evaluation"
"""Where a run's scores lie among its artifacts."""


def log_setup(
    run: Run,
    *,
    params: Mapping[str, Any],
    config: str,
    dataset: tuple[str, Path, str],
    tags: Mapping[str, Any],
    private: bool = False,
) -> None:
    """Record what a run starts from: settings, dataset, code, packages, machine and job.

    Parameters
    ----------
    run : Run
        The open run.
    params : mapping
        Settings by dotted key.
    config : str
        The composed configuration as YAML, kept as ``config.yaml``.
    dataset : tuple
        Name, manifest and digest of the dataset.
    tags : mapping
        Further facts, such as experiment, seed, attempt and devices.
    private : bool
        Leave out where files lie, who called the program, and uncommitted changes, which may hold a sheet.
    """
    name, manifest, digest = dataset
    code = running()
    facts = machine()
    if private:
        facts.pop("mlflow.user")
        config = config.replace(f"{manifest.absolute().parent}/", "")
        params, tags, manifest = unplaced(params), unplaced(tags), Path(manifest.name)
    run.params(params)
    run.tags(
        {
            **facts,
            **tags,
            "dataset_digest": digest,
            "program_version": program_version(),
            "mlflow.source.name": "seqmill train",
            "mlflow.source.type": "LOCAL",
            "mlflow.source.git.commit": code.commit,
            "git_dirty": str(bool(code.difference)).lower(),
        }
    )
    run.dataset(name=name, source=str(manifest), digest=digest, context="training")
    run.text(config, "config.yaml")
    run.text(packages(), "environment/packages.txt")
    if code.difference and not private:
        run.text(code.difference, "code/uncommitted.diff")


def unplaced(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give values with the name of the file in place of each absolute path."""
    return {key: Path(value).name if _is_place(value) else value for key, value in values.items()}


def _is_place(value: Any) -> bool:
    return isinstance(value, str | Path) and Path(value).is_absolute()


def log_evaluation(uri: str, run_id: str, metrics: Mapping[str, float], files: Sequence[Path]) -> None:
    """Add scores and their files to a run that has ended; its status stays.

    A score that the run has already, with the same value, is not logged again.

    Parameters
    ----------
    uri : str
        Address of the store.
    run_id : str
        The run that was evaluated.
    metrics : mapping
        Score by name, such as ``f1.allele.clean.10x.snp``.
    files : sequence of Path
        Files kept under ``evaluation``, such as metrics, predictions and plots.

    Raises
    ------
    InputError
        When the store does not exist.
    """
    client = connect(uri)
    now = int(time.time() * 1000)
    held = client.get_run(run_id).data.metrics
    scores = [
        Metric(metric_name(name), float(value), now, 0)
        for name, value in metrics.items()
        if held.get(metric_name(name)) != float(value)
    ]
    for start in range(0, len(scores), 1000):
        client.log_batch(run_id, metrics=scores[start : start + 1000])
    for path in files:
        client.log_artifact(run_id, str(path), EVALUATION_FOLDER)

"""Score one trained run on the test split of a dataset."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from seqmill.errors import InputError
from seqmill.evaluation.calibrated import CALIBRATION, Calibration, log_probabilities
from seqmill.evaluation.calibration import calibration_report, fit_temperature
from seqmill.evaluation.dataset import SPLITS, Dataset
from seqmill.evaluation.metrics import metric
from seqmill.evaluation.operating_points import choose_points
from seqmill.evaluation.predictions import Predictor, logits, predict_split, write_predictions
from seqmill.evaluation.results import write_results
from seqmill.files import read_json, sha256_file
from seqmill.shards.manifest import Manifest
from seqmill.tracking.record import log_evaluation
from seqmill.training.checkpoint import load


def evaluate_run(
    run: Path, dataset: Dataset, *, threads: int = 1, tracking_uri: str | None = None
) -> dict[str, Any]:
    """Score a trained run and write what was found beside its checkpoint.

    The temperature and the thresholds come from the validation split. Written are ``predictions.parquet``,
    ``calibration.json``, ``items.parquet``, ``metrics.json``, ``curves.json`` and ``calls/``.

    Parameters
    ----------
    run : Path
        Folder with ``checkpoint.ckpt`` and ``train.json``.
    dataset : Dataset
        What to score on.
    threads : int
        Threads of torch and of the loader.
    tracking_uri : str, optional
        Store whose run gets metrics and files too.

    Returns
    -------
    dict
        What ``metrics.json`` holds.

    Raises
    ------
    InputError
        When the run is not whole or was trained on another encoding.
    """
    checkpoint = run / "checkpoint.ckpt"
    if not checkpoint.is_file() or not (run / "train.json").is_file():
        raise InputError(f"{run}: no finished run (checkpoint.ckpt and train.json wanted); train it first")
    torch.set_num_threads(threads)
    module, meta = load(checkpoint, encoding=dataset.manifest.encoding)
    predictor = Predictor(module, dataset.manifest.encoding)
    tables = {split: predict_split(predictor, dataset.manifest, split, threads=threads) for split in SPLITS}
    write_predictions(run / "predictions.parquet", pd.concat(tables.values(), ignore_index=True))
    held_out = _labelled(tables["validation"], dataset.application.label, dataset.manifest)
    temperature = fit_temperature(*held_out)
    lineage = {"checkpoint": sha256_file(checkpoint)}
    scorers = {
        split: dataset.application.load("evaluate")(
            dataset.job(split, lineage, examples=_calibrated(table, temperature), threads=threads)
        )
        for split, table in tables.items()
    }
    points = choose_points(scorers["validation"].sweeps())
    Calibration(
        temperature=temperature,
        points=points,
        dataset=dataset.manifest.digest,
        encoding=dataset.manifest.encoding.digest,
        seed=dataset.manifest.seed,
    ).write(run / CALIBRATION)
    test = _labelled(tables["test"], dataset.application.label, dataset.manifest)
    report = calibration_report(*test, temperature)
    extra = [
        metric("temperature", temperature, n=len(held_out[1])),
        *(metric(f"ece.{when}", report[when]["ece"], n=len(test[1])) for when in ("before", "after")),
    ]
    trained = read_json(run / "train.json")
    written = write_results(
        run,
        scorers["test"],
        points,
        dataset=dataset,
        run=trained.get("run_id") or f"{meta['config']['experiment']}-{meta['config']['seed']}",
        experiment=meta["config"]["experiment"],
        seed=meta["config"]["seed"],
        extra=extra,
        calibration=report,
    )
    if tracking_uri and trained.get("run_id"):
        _track(tracking_uri, trained["run_id"], run, written)
    return written


def _labelled(table: pd.DataFrame, label: str, manifest: Manifest) -> tuple[Any, Any]:
    known = table[table[label] >= 0]
    if known.empty:
        raise InputError(f"{manifest.path}: no labelled example in a split to score on; see its labels.json")
    return logits(known), known[label].to_numpy()


def _calibrated(table: pd.DataFrame, temperature: float) -> pd.DataFrame:
    calibrated = log_probabilities(logits(table), temperature)
    return table.assign(**{f"log_probability_{index}": column for index, column in enumerate(calibrated.T)})


def _track(uri: str, run_id: str, run: Path, written: Mapping[str, Any]) -> None:
    names = ("metrics.json", "curves.json", CALIBRATION, "predictions.parquet", "items.parquet")
    scores = {row["metric"]: row["value"] for row in written["metrics"]}
    log_evaluation(uri, run_id, scores, [run / name for name in names])

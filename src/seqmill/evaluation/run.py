"""Score one trained run on the test split of a dataset."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from seqmill.errors import InputError
from seqmill.evaluation.calibrated import CALIBRATION
from seqmill.evaluation.dataset import SPLITS, Dataset
from seqmill.evaluation.membership import audit_membership
from seqmill.evaluation.predictions import Predictor, predict_split, write_predictions
from seqmill.evaluation.tables import score_tables
from seqmill.files import read_json, sha256_file
from seqmill.origin import beside
from seqmill.tracking.record import log_evaluation
from seqmill.training.checkpoint import load, origin
from seqmill.training.tables import give_tables


def evaluate_run(
    run: Path, dataset: Dataset, *, threads: int = 1, tracking_uri: str | None = None
) -> dict[str, Any]:
    """Score a trained run and write what was found beside its checkpoint.

    The temperature and the thresholds come from the validation split. A model of profiles, which are persons,
    is also attacked; see `seqmill.evaluation.membership`. Written are ``predictions.parquet``,
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
    give_tables(module, dataset.manifest)
    predictor = Predictor(module, dataset.manifest.encoding)
    tables = {split: predict_split(predictor, dataset.manifest, split, threads=threads) for split in SPLITS}
    predictions = write_predictions(
        run / "predictions.parquet",
        pd.concat(tables.values(), ignore_index=True),
        parents=[beside(origin(checkpoint, meta), checkpoint.name), *dataset.origins],
    )
    trained = read_json(run / "train.json")
    written = score_tables(
        run,
        tables,
        dataset=dataset,
        lineage={"checkpoint": sha256_file(checkpoint)},
        run=trained.get("run_id") or f"{meta['config']['experiment']}-{meta['config']['seed']}",
        experiment=meta["config"]["experiment"],
        seed=meta["config"]["seed"],
        predictions=predictions,
        threads=threads,
        further=_audit(module, meta, dataset),
    )
    if tracking_uri and trained.get("run_id"):
        _track(tracking_uri, trained["run_id"], run, written)
    return written


def _audit(module: Any, facts: Mapping[str, Any], dataset: Dataset) -> list[dict[str, Any]]:
    """Attack a model of profiles that was trained on this very dataset; of others members are not known."""
    is_member_known = facts["dataset_digest"] == dataset.manifest.digest
    if "profiles" not in dataset.manifest.table_paths() or not is_member_known:
        return []
    return audit_membership(module, dataset.manifest, fraction=facts["config"]["trainer"]["train_fraction"])


def _track(uri: str, run_id: str, run: Path, written: Mapping[str, Any]) -> None:
    names = ("metrics.json", "curves.json", CALIBRATION, "predictions.parquet", "items.parquet")
    scores = {row["metric"]: row["value"] for row in written["metrics"]}
    log_evaluation(uri, run_id, scores, [run / name for name in names])

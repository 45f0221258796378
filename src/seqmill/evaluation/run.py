"""Score one run, or one baseline, on the test split of a dataset."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import torch

from seqmill.applications.application import Application, find_application, load_object
from seqmill.applications.scoring import OperatingPoints, ScoreJob, Scorer
from seqmill.errors import InputError, nearest
from seqmill.evaluation.calibrated import CALIBRATION, Calibration, log_probabilities
from seqmill.evaluation.calibration import calibration_report, fit_temperature
from seqmill.evaluation.curves import curve, precision_recall
from seqmill.evaluation.metrics import metric, write_curves, write_metrics
from seqmill.evaluation.operating_points import choose_points
from seqmill.evaluation.predictions import (
    Predictor,
    logits,
    predict_split,
    read_examples,
    write_predictions,
)
from seqmill.files import atomic_path, digest_json, read_json, sha256_file
from seqmill.shards.manifest import Manifest
from seqmill.tracking.record import log_evaluation
from seqmill.training.checkpoint import load

SPLITS = ("validation", "test")
OVERALL = "overall"


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A dataset to score on: its plan, manifest and application."""

    plan: Mapping[str, Any]
    manifest: Manifest
    application: Application

    @classmethod
    def open(cls, plan: Path, manifest: Path) -> "Dataset":
        """Read plan and manifest.

        Raises
        ------
        InputError
            When one is missing, or they belong to different datasets.
        """
        if not plan.is_file():
            raise InputError(f"{plan}: no such dataset plan; give the JSON file the dataset was built from")
        content = read_json(plan)
        held = Manifest.load(manifest)
        if content["dataset"] != held.dataset:
            raise InputError(
                f"{plan}: plan of dataset '{content['dataset']}' found, '{held.dataset}' wanted by {manifest}"
            )
        return cls(plan=content, manifest=held, application=find_application(held.encoding.application))

    def job(self, split: str, lineage: Mapping[str, str], **more: Any) -> ScoreJob:
        """Describe the scoring of one split."""
        reads = {
            sample: digest_json([file["sha256"] for file in files])
            for sample, files in self.manifest.inputs.items()
        }
        made = {"dataset": self.manifest.digest, "reference": self.manifest.reference["checksum"]}
        return ScoreJob(plan=self.plan, split=split, lineage={**made, **lineage}, reads=reads, **more)


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
    written = _write(
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


def evaluate_baseline(
    name: str, dataset: Dataset, *, alignments: Mapping[str, Path], output: Path, threads: int = 1
) -> dict[str, Any]:
    """Call validation and test with a baseline and score it exactly as the models are.

    Parameters
    ----------
    name : str
        A baseline of the application.
    dataset : Dataset
        What to score on.
    alignments : mapping
        Sample -> indexed alignments, for every sample of the two splits.
    output : Path
        Folder for ``items.parquet``, ``metrics.json``, ``curves.json`` and ``calls/``.
    threads : int
        How many threads the caller may use.

    Raises
    ------
    InputError
        When there is no such baseline, its program is not installed, or alignments are missing.
    """
    offered = dataset.application.baselines
    if name not in offered:
        raise InputError(
            f"baseline '{name}': not offered by {dataset.application.name}{nearest(name, offered)}; "
            f"choose one of: {', '.join(sorted(offered))}"
        )
    splits = dataset.plan["splits"]
    missing = sorted({s for split in SPLITS for s in splits[split]["samples"]} - set(alignments))
    if missing:
        raise InputError(
            f"--alignments: none for {', '.join(missing)}; give SAMPLE=FILE for each sample of {SPLITS}"
        )
    with tempfile.TemporaryDirectory(prefix="seqmill-baseline-") as folder:
        scorers = {}
        for split in SPLITS:
            scratch = Path(folder) / split
            scratch.mkdir()
            job = dataset.job(
                split,
                {"caller": name},
                examples=read_examples(dataset.manifest, split, threads=threads),
                alignments=alignments,
                scratch=scratch,
                threads=threads,
            )
            scorers[split] = load_object(offered[name])(job)
        points = choose_points(scorers["validation"].sweeps())
        return _write(
            output,
            scorers["test"],
            points,
            dataset=dataset,
            run=name,
            experiment=name,
            seed=None,
            extra=[],
            calibration=None,
        )


def _labelled(table: pd.DataFrame, label: str, manifest: Manifest) -> tuple[Any, Any]:
    known = table[table[label] >= 0]
    if known.empty:
        raise InputError(f"{manifest.path}: no labelled example in a split to score on; see its labels.json")
    return logits(known), known[label].to_numpy()


def _calibrated(table: pd.DataFrame, temperature: float) -> pd.DataFrame:
    calibrated = log_probabilities(logits(table), temperature)
    return table.assign(**{f"log_probability_{index}": column for index, column in enumerate(calibrated.T)})


def _write(
    output: Path,
    scorer: Scorer,
    points: OperatingPoints,
    *,
    dataset: Dataset,
    run: str,
    experiment: str,
    seed: int | None,
    extra: Sequence[dict[str, Any]],
    calibration: dict[str, Any] | None,
) -> dict[str, Any]:
    """Score the test at the chosen points; write items, curves, calls and, last, metrics."""
    items = scorer.items(points)
    with atomic_path(output / "items.parquet") as aside:
        pq.write_table(pa.Table.from_pandas(items, preserve_index=False).replace_schema_metadata(None), aside)
    traced = [
        curve(
            sweep.cell,
            level,
            threshold=scorer.threshold(sweep.cell, points),
            **precision_recall(sweep.quality, correct, sweep.truths),
        )
        for sweep in scorer.sweeps()
        for level, correct in sweep.correct.items()
        if len(correct)
    ]
    write_curves(output / "curves.json", precision_recall=traced, calibration=calibration)
    scorer.export(output, points)
    replicates = dataset.plan.get("evaluation", {}).get("replicates")
    return write_metrics(
        output / "metrics.json",
        pd.concat([items, items.assign(cell=OVERALL)], ignore_index=True),
        run=run,
        experiment=experiment,
        seed=seed,
        dataset=dataset.manifest.dataset,
        dataset_digest=dataset.manifest.digest,
        extra=extra,
        **({"replicates": replicates} if replicates else {}),
    )


def _track(uri: str, run_id: str, run: Path, written: Mapping[str, Any]) -> None:
    names = ("metrics.json", "curves.json", CALIBRATION, "predictions.parquet", "items.parquet")
    scores = {row["metric"]: row["value"] for row in written["metrics"]}
    log_evaluation(uri, run_id, scores, [run / name for name in names])

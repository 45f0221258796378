"""From tables of predictions to calibrated, scored results: one way for a run and for an ensemble."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seqmill.applications.scoring import further_metric
from seqmill.errors import InputError
from seqmill.evaluation.calibrated import CALIBRATION, Calibration, log_probabilities
from seqmill.evaluation.calibration import calibration_report, fit_temperature
from seqmill.evaluation.coverage import CONFORMAL, conformal_results, set_metrics, write_radii
from seqmill.evaluation.dataset import Dataset
from seqmill.evaluation.operating_points import choose_points
from seqmill.evaluation.predictions import logits
from seqmill.evaluation.results import write_results
from seqmill.origin import Node, header, this_step
from seqmill.shards.manifest import Manifest


def score_tables(
    output: Path,
    tables: Mapping[str, pd.DataFrame],
    *,
    dataset: Dataset,
    lineage: Mapping[str, str],
    run: str,
    experiment: str,
    seed: int | None,
    predictions: Node,
    threads: int = 1,
    further: Sequence[dict[str, Any]] = (),
    members: Sequence[str] = (),
) -> dict[str, Any]:
    """Calibrate on validation, choose thresholds there, and score the test.

    Without classes there is nothing to calibrate: what the task gives is scored as it is.

    Written are ``calibration.json``, ``items.parquet``, ``metrics.json``, ``curves.json`` and ``calls/``;
    for numbers predicted from profiles also ``conformal.json``.

    Parameters
    ----------
    output : Path
        Folder to write to.
    tables : mapping
        ``validation`` and ``test`` -> predictions, a row an example; see
        `seqmill.evaluation.predictions.predict_split`.
    dataset : Dataset
        What to score on.
    lineage : mapping
        What the calls come from, for the header of the call files.
    run, experiment, seed
        Who predicted; see `seqmill.evaluation.metrics.write_metrics`.
    predictions : Node
        The file of predictions, with what they were made of.
    threads : int
        Threads to score with.
    further : sequence of dict
        Metrics that are known already, as rows of ``metrics.json``.
    members : sequence of str
        Experiments of an ensemble.

    Returns
    -------
    dict
        What ``metrics.json`` holds.

    Raises
    ------
    InputError
        When a split has no labelled example.
    """
    temperature, extra, report = 1.0, [], None
    if dataset.application.classes:
        temperature, extra, report = _calibration(tables, dataset)
        tables = {split: _calibrated(table, temperature) for split, table in tables.items()}
    calls = Node(kind="calls", name="calls", step=this_step(), parents=(predictions,))
    told = {**lineage, **header(calls)}
    scorers = {
        split: dataset.application.load("evaluate")(dataset.job(split, told, examples=table, threads=threads))
        for split, table in tables.items()
    }
    points = choose_points(scorers["validation"].sweeps())
    Calibration(
        temperature=temperature,
        points=points,
        dataset=dataset.manifest.digest,
        encoding=dataset.manifest.encoding.digest,
        seed=dataset.manifest.seed,
    ).write(output / CALIBRATION, parents=[predictions])
    radii, covered = conformal_results(scorers, points, dataset)
    if radii:
        encoding = dataset.manifest.encoding.digest
        write_radii(output / CONFORMAL, radii, encoding=encoding, parents=[predictions])
    return write_results(
        output,
        scorers["test"],
        points,
        dataset=dataset,
        run=run,
        experiment=experiment,
        seed=seed,
        extra=[*extra, *scorers["test"].further(), *further, *covered],
        calibration=report,
        members=members,
        parents=[predictions],
    )


def _calibration(
    tables: Mapping[str, pd.DataFrame], dataset: Dataset
) -> tuple[float, list[dict[str, Any]], dict[str, Any]]:
    """Fit the temperature on validation; give it, its metrics and the report of the test."""
    held_out, test = (
        _labelled(tables[split], dataset.application.label, dataset.manifest)
        for split in ("validation", "test")
    )
    temperature = fit_temperature(*held_out)
    report = calibration_report(*test, temperature)
    extra = [
        further_metric("temperature", temperature, n=len(held_out[1])),
        *(further_metric(f"ece.{when}", report[when]["ece"], n=len(test[1])) for when in ("before", "after")),
    ]
    if "rows" in dataset.application.reads:
        held_out, test = (
            (np.exp(log_probabilities(scores, temperature)), labels) for scores, labels in (held_out, test)
        )
        extra += set_metrics(held_out, test)[1]
    return temperature, extra, report


def _labelled(table: pd.DataFrame, label: str, manifest: Manifest) -> tuple[Any, Any]:
    known = table[table[label] >= 0]
    if known.empty:
        raise InputError(f"{manifest.path}: no labelled example in a split to score on; see its labels.json")
    return logits(known), known[label].to_numpy()


def _calibrated(table: pd.DataFrame, temperature: float) -> pd.DataFrame:
    calibrated = log_probabilities(logits(table), temperature)
    return table.assign(**{f"log_probability_{index}": column for index, column in enumerate(calibrated.T)})

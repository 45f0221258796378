"""The files of one scored caller, the same for models and baselines."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from seqmill.applications.scoring import OperatingPoints, Scorer
from seqmill.evaluation.curves import curve, precision_recall
from seqmill.evaluation.dataset import Dataset
from seqmill.evaluation.metrics import score_means, write_curves, write_metrics
from seqmill.evaluation.predictions import write_table
from seqmill.origin import Node

OVERALL = "overall"
"""The cell of all items together."""


def write_results(
    output: Path,
    scorer: Scorer,
    points: OperatingPoints,
    *,
    dataset: Dataset,
    run: str,
    experiment: str,
    seed: int | None,
    extra: Sequence[dict[str, Any]] = (),
    calibration: dict[str, Any] | None = None,
    bound: bool = False,
    members: Sequence[str] = (),
    parents: Sequence[Node] = (),
) -> dict[str, Any]:
    """Score the test at the chosen points; write items, curves, calls and, last, metrics.

    Parameters
    ----------
    output : Path
        Folder to write to.
    scorer : Scorer
        The caller's test calls.
    points : OperatingPoints
        Thresholds chosen on validation.
    dataset : Dataset
        What was scored on.
    run, experiment, seed
        Who called; see `seqmill.evaluation.metrics.write_metrics`.
    extra : sequence of dict
        Further metrics.
    calibration : dict or None
        See `seqmill.evaluation.metrics.write_curves`.
    bound, members
        See `seqmill.evaluation.metrics.write_metrics`.
    parents : sequence of Node
        What the calls were made of; dataset and plan are added.

    Returns
    -------
    dict
        What ``metrics.json`` holds.
    """
    items = scorer.items(points)
    parents = [*parents, *dataset.origins]
    scored = write_table(output / "items.parquet", items, kind="scored items", parents=parents)
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
    write_curves(output / "curves.json", precision_recall=traced, calibration=calibration, parents=parents)
    scorer.export(output, points)
    replicates = dataset.plan.get("evaluation", {}).get("replicates")
    drawn = {"replicates": replicates} if replicates else {}
    means = score_means(items, **drawn) if scorer.averages_cells else []
    return write_metrics(
        output / "metrics.json",
        pd.concat([items, items.assign(cell=OVERALL)], ignore_index=True),
        run=run,
        experiment=experiment,
        seed=seed,
        dataset=dataset.manifest.dataset,
        dataset_digest=dataset.manifest.digest,
        extra=[*means, *extra],
        bound=bound,
        members=members,
        parents=[scored],
        **drawn,
    )

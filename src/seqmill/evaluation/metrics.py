"""What a scored run says about itself: ``metrics.json`` and ``curves.json``."""

import math
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from seqmill.errors import InputError
from seqmill.evaluation.bootstrap import REPLICATES, Estimate, Resampled, resample
from seqmill.evaluation.measures import COUNTS, incomplete, measured
from seqmill.files import write_json
from seqmill.origin import Node, stamped

STRATA = ("depth", "indel_length", "homopolymer", "allele_fraction")
"""Columns that split the items; an application names further ones ``stratum_NAME``."""

_STRATUM = "stratum_"


def check_items(items: pd.DataFrame, *, name: str) -> None:
    """Raise InputError unless `items` has the columns of a scored table.

    Parameters
    ----------
    items : DataFrame
        One row a scored item: ``item`` (uint64, stable key), ``cell`` (string), the columns of what is
        measured (see `seqmill.evaluation.measures`) and any strata (strings; see `strata_of`).
    name : str
        The file it came from, for the message.
    """
    missing = [column for column in ("item", "cell") if column not in items]
    missing += incomplete(items.columns)
    if not missing and not measured(items.columns):
        missing.append("of a measure, such as tp_allele with fp_allele and fn_allele")
    if missing:
        raise InputError(
            f"{name}: no column {', '.join(missing)}; found {', '.join(map(str, items.columns))}. "
            "Run 'seqmill evaluate' again to score the run anew."
        )


def strata_of(columns: Iterable[str]) -> dict[str, str]:
    """Give the strata among columns, as name -> column."""
    there = list(columns)
    named = {name.removeprefix(_STRATUM): name for name in there if name.startswith(_STRATUM)}
    return {name: name for name in STRATA if name in there} | named


def score(items: pd.DataFrame, *, replicates: int = REPLICATES) -> list[dict[str, Any]]:
    """Score every cell at every level, with intervals over items.

    Returns
    -------
    list of dict
        ``metric`` (such as ``f1.allele.clean.10x.snp``), ``value``, ``low``, ``high``, ``n`` (items that
        count) and ``primary`` (the first measure of the first level). A measure that is undefined, such as
        the precision of no calls, is left out.
    """
    family, leading = measured(items.columns)[0]
    primary = (leading, family.measures[0])
    return [
        estimated(f"{measure}.{level}.{cell}", estimate, primary=(level, measure) == primary)
        for cell, inside in items.groupby("cell", sort=True)
        for level, measure, estimate in _estimates(inside, replicates)
    ]


def score_means(items: pd.DataFrame, *, replicates: int = REPLICATES) -> list[dict[str, Any]]:
    """Score the mean over cells of each measure at each level, such as ``mean_auroc.toxic``.

    The bootstrap draws the same items for all cells, so that the interval is that of the mean.

    Returns
    -------
    list of dict
        As of `score`, of measures that are defined in every cell.
    """
    drawn = [resample(inside, replicates=replicates) for _, inside in items.groupby("cell", sort=True)]
    return [
        estimated(
            f"mean_{measure}.{level}",
            Resampled.mean([one[level, measure] for one in drawn]).interval(),
        )
        for level, measure in (drawn[0] if drawn else ())
        if all((level, measure) in one and not math.isnan(one[level, measure].value) for one in drawn)
    ]


def score_strata(items: pd.DataFrame, *, replicates: int = REPLICATES) -> list[dict[str, Any]]:
    """Score the leading measure in each cell for every value of every stratum column present.

    Returns
    -------
    list of dict
        ``cell``, ``stratum``, ``value`` (of the stratum), ``level``, the measure by its name (such as
        ``f1``), ``low``, ``high``, and for counts ``tp``, ``fp``, ``fn``. Items whose stratum is empty
        belong to none.
    """
    rows = []
    leading = {level: family for family, level in measured(items.columns)}
    for stratum, column in strata_of(items.columns).items():
        placed = items[items[column].notna() & (items[column] != "")]
        for (cell, value), inside in placed.groupby(["cell", column], sort=True):
            for level, measure, estimate in _estimates(inside, replicates):
                family = leading[level]
                if measure != family.measures[0]:
                    continue
                counts = (
                    {kind: int(inside[f"{kind}_{level}"].sum()) for kind in family.columns}
                    if family is COUNTS
                    else {}
                )
                rows.append(
                    {"cell": cell, "stratum": stratum, "value": str(value), "level": level, **counts}
                    | {measure: estimate.value, "low": estimate.low, "high": estimate.high}
                )
    return rows


def write_metrics(
    path: str | os.PathLike[str],
    items: pd.DataFrame,
    *,
    run: str,
    experiment: str,
    seed: int | None,
    dataset: str,
    dataset_digest: str,
    extra: Sequence[dict[str, Any]] = (),
    replicates: int = REPLICATES,
    bound: bool = False,
    members: Sequence[str] = (),
    parents: Sequence[Node] = (),
) -> dict[str, Any]:
    """Score `items` and write ``metrics.json`` atomically; give what was written.

    Parameters
    ----------
    path : path
        The file to write.
    items : DataFrame
        Scored items; see `check_items`.
    run, experiment : str
        Identifier of the run; the experiment, or the baseline's name.
    seed : int or None
        Seed of the run; None for a caller without one.
    dataset, dataset_digest : str
        Name of the dataset and the digest of its manifest.
    extra : sequence of dict
        Further metrics as `metric` gives them, such as the temperature.
    replicates : int
        Bootstrap replicates.
    bound : bool
        Whether the caller shows what can be reached, and is nobody's rival.
    members : sequence of str
        Experiments whose runs an ensemble is made of.
    parents : sequence of Node
        What they were made of.

    Raises
    ------
    InputError
        When `items` lacks a column.
    """
    check_items(items, name=str(path))
    content = {
        "run": run,
        "experiment": experiment,
        "seed": seed,
        "dataset": dataset,
        "dataset_digest": dataset_digest,
        "metrics": [*score(items, replicates=replicates), *extra],
        "strata": score_strata(items, replicates=replicates),
        **({"bound": True} if bound else {}),
        **({"members": list(members)} if members else {}),
    }
    traced = stamped(content, kind="metrics", parents=parents)
    write_json(path, traced)
    return traced


def estimated(name: str, estimate: Estimate, *, primary: bool = False) -> dict[str, Any]:
    """Give one row of ``metrics`` with its interval."""
    return {
        "metric": name,
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "n": estimate.n,
        "primary": primary,
    }


def write_curves(
    path: str | os.PathLike[str],
    *,
    precision_recall: Sequence[dict[str, Any]],
    calibration: dict[str, Any] | None = None,
    parents: Sequence[Node] = (),
) -> None:
    """Write ``curves.json`` atomically.

    Parameters
    ----------
    path : path
        The file to write.
    precision_recall : sequence of dict
        One entry for each cell and level; see `seqmill.evaluation.curves.curve`.
    calibration : dict, optional
        See `seqmill.evaluation.calibration.calibration_report`; None for a caller without probabilities.
    parents : sequence of Node
        What they were made of.
    """
    content = {"precision_recall": list(precision_recall), "calibration": calibration}
    write_json(path, stamped(content, kind="curves", parents=parents))


def _estimates(items: pd.DataFrame, replicates: int) -> Iterator[tuple[str, str, Estimate]]:
    for (level, measure), drawn in resample(items, replicates=replicates).items():
        if not math.isnan(drawn.value):
            yield level, measure, drawn.share_interval()

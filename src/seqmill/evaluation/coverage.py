"""How often conformal intervals and sets hold the truth on the test, and how wide they are."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.scoring import OperatingPoints, Scorer, further_metric
from seqmill.errors import InputError
from seqmill.evaluation.bootstrap import REPLICATES, resample
from seqmill.evaluation.conformal import Radius, calibrate, class_scores, class_sets
from seqmill.evaluation.dataset import Dataset
from seqmill.evaluation.measures import BLOCK, PAIRS, measured
from seqmill.evaluation.metrics import estimated, strata_of
from seqmill.files import read_json, write_json
from seqmill.origin import Node, stamped

CONFORMAL = "conformal.json"
"""Name of the file beside the checkpoint that tells how wide intervals are."""

GROUPS = ("molecule", "cell")
"""Columns of items whose values are groups of their own: the molecule, and the cell for the condition."""

Floats = npt.NDArray[np.float64]


def fit_radii(items: pd.DataFrame) -> dict[str, dict[str, Radius]]:
    """Calibrate intervals on the items of a validation split.

    Returns
    -------
    dict
        Level that is measured as pairs, such as ``response`` -> ``split`` and, for each of `GROUPS` with
        several values, ``by_GROUP`` -> `Radius` of ``|predicted - observed|``.
    """
    found = {}
    for level in _levels(items):
        known = items[items[[f"predicted_{level}", f"observed_{level}"]].notna().all(axis=1)]
        scores = _distances(known, level)
        radii = {"split": calibrate(scores)}
        for column in GROUPS:
            if column in known and known[column].nunique() > 1:
                radii[f"by_{column}"] = calibrate(scores, known[column].astype(str).tolist())
        found[level] = radii
    return found


def interval_metrics(
    items: pd.DataFrame, radii: Mapping[str, Mapping[str, Radius]], *, replicates: int = REPLICATES
) -> list[dict[str, Any]]:
    """Measure the intervals on the items of a test: coverage and mean width, in each cell and each stratum.

    Names are ``coverage_90.LEVEL.CELL`` and ``width_90.LEVEL.CELL``; of Mondrian intervals
    ``coverage_90_by_molecule`` and so on; of strata ``CELL.STRATUM.VALUE``. Bootstrap intervals draw whole
    blocks. Where a radius is infinite there is no width.
    """
    rows = []
    for level, methods in radii.items():
        for method, radius in methods.items():
            column = method.removeprefix("by_")
            groups = [""] * len(items) if method == "split" else items[column].astype(str).tolist()
            suffix = f"{radius.level * 100:g}" + ("" if method == "split" else f"_{method}")
            around = radius.of(groups)
            away = _distances(items, level)
            held = np.where(np.isnan(away), np.nan, away <= around)
            names = (f"coverage_{suffix}", f"width_{suffix}")
            rows += _rows(items, held, 2 * around, names=names, of=level, replicates=replicates)
    return rows


def conformal_results(
    scorers: Mapping[str, Scorer], points: OperatingPoints, dataset: Dataset
) -> tuple[dict[str, dict[str, Radius]], list[dict[str, Any]]]:
    """Calibrate intervals on validation and measure them on the test, for applications on profiles alone.

    Returns
    -------
    tuple
        What `fit_radii` and `interval_metrics` give; nothing for other applications.
    """
    if "rows" not in dataset.application.reads:
        return {}, []
    radii = fit_radii(scorers["validation"].items(points))
    replicates = dataset.plan.get("evaluation", {}).get("replicates") or REPLICATES
    return radii, interval_metrics(scorers["test"].items(points), radii, replicates=replicates)


def set_metrics(
    held_out: tuple[Floats, npt.NDArray[np.integer]], test: tuple[Floats, npt.NDArray[np.integer]]
) -> tuple[Radius, list[dict[str, Any]]]:
    """Calibrate sets of classes, and measure them on a test: coverage, of each class too, and mean size.

    Parameters
    ----------
    held_out, test : tuple
        Probabilities, float64 [n, classes], and labels, int [n].

    Returns
    -------
    tuple
        The radius, whose groups are the classes by number, and rows of metrics. Sets of ``by_class`` take
        each class in by its own threshold.
    """
    labels = [str(one) for one in held_out[1]]
    radius = calibrate(class_scores(*held_out), labels)
    probabilities, truth = test
    n, classes = probabilities.shape
    one = class_sets(probabilities, np.full(n, radius.radius))
    own = 1 - probabilities <= radius.of([str(label) for label in range(classes)])
    rows = []
    for suffix, sets in (("", one), ("_by_class", own)):
        name, held = f"{radius.level * 100:g}{suffix}", sets[np.arange(n), truth]
        rows.append(further_metric(f"set_coverage_{name}", held.mean(), n=n))
        rows.append(further_metric(f"set_size_{name}", sets.sum(1).mean(), n=n))
        for label in np.unique(truth):
            share = held[truth == label]
            rows.append(further_metric(f"set_coverage_{name}.class_{label}", share.mean(), n=len(share)))
    return radius, rows


def write_radii(
    path: Path, radii: Mapping[str, Mapping[str, Radius]], *, encoding: str, parents: Sequence[Node]
) -> None:
    """Write ``conformal.json``, atomically; an infinite radius is null."""
    content = {
        "encoding_digest": encoding,
        "levels": {
            level: {method: _plain(radius) for method, radius in methods.items()}
            for level, methods in radii.items()
        },
    }
    write_json(path, stamped(content, kind="conformal radii", parents=parents))


def read_radii(path: Path, *, encoding: str) -> dict[str, dict[str, Radius]]:
    """Read ``conformal.json``.

    Raises
    ------
    InputError
        When there is none, or it belongs to another encoding.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; score the run first ('seqmill evaluate'), which calibrates")
    content = read_json(path, "encoding_digest", "levels")
    if content["encoding_digest"] != encoding:
        raise InputError(
            f"{path}: fitted for encoding {content['encoding_digest']}, {encoding} wanted; score the run "
            "again"
        )
    return {
        level: {method: _radius(told) for method, told in methods.items()}
        for level, methods in content["levels"].items()
    }


def _plain(radius: Radius) -> dict[str, Any]:
    told = asdict(radius)
    return told | {"radius": radius.radius if np.isfinite(radius.radius) else None}


def _radius(told: Mapping[str, Any]) -> Radius:
    return Radius(**{**told, "radius": np.inf if told["radius"] is None else told["radius"]})


def _levels(items: pd.DataFrame) -> list[str]:
    return [level for family, level in measured(items.columns) if family is PAIRS]


def _distances(items: pd.DataFrame, level: str) -> Floats:
    return np.abs(items[f"predicted_{level}"] - items[f"observed_{level}"]).to_numpy(np.float64)


def _rows(
    items: pd.DataFrame,
    held: Floats,
    widths: Floats,
    *,
    names: tuple[str, str],
    of: str,
    replicates: int,
) -> list[dict[str, Any]]:
    keys = [column for column in ("item", "cell", BLOCK) if column in items]
    table = items[[*keys, *strata_of(items.columns).values()]].assign(value_held=held, value_width=widths)
    parts = [(str(cell), inside) for cell, inside in table.groupby("cell", sort=True)]
    parts += [
        (f"{cell}.{stratum}.{value}", inside)
        for stratum, column in strata_of(items.columns).items()
        for (cell, value), inside in table[table[column] != ""].groupby(["cell", column], sort=True)
    ]
    rows = []
    for where, inside in parts:
        drawn = resample(inside, replicates=replicates)
        for name, key in zip(names, ("held", "width"), strict=True):
            if (key, "mean") not in drawn:
                continue
            rows.append(estimated(f"{name}.{of}.{where}", drawn[key, "mean"].interval()))
    return rows

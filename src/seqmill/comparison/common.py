"""Runs of different datasets on the items that all of them were scored on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from seqmill.comparison.runs import Caller, Run
from seqmill.errors import InputError
from seqmill.evaluation.measures import COUNTS, measured

_PLACE = ("sample", "contig")


@dataclass(frozen=True)
class Common:
    """What the datasets of a comparison have in common.

    Attributes
    ----------
    items : int
        Items, counted once in each cell, that every dataset has.
    of_each : dict
        Dataset digest -> (its name, items it has).
    """

    items: int
    of_each: dict[str, tuple[str, int]]


def on_common_items(callers: Sequence[Caller]) -> tuple[list[Caller], Common]:
    """Restrict every run to the items that all datasets of the comparison have.

    An item is known by its key and its cell. Where counts are measured, only what the truth holds is a row
    in every table, and a false call is a row of the caller that made it alone: false calls are kept where
    cell, sample and contig are in common and no single dataset has truth under their key.

    Raises
    ------
    InputError
        When nothing is in common.
    """
    runs = [run for caller in callers for run in caller.runs]
    known: dict[str, set[tuple[str, int]]] = {}
    names = {run.dataset_digest: str(run.scored["dataset"]) for run in runs}
    for run in runs:
        known.setdefault(run.dataset_digest, set()).update(_keys(run.items[_anchored(run.items)]))
    shared = set.intersection(*known.values())
    if not shared:
        raise InputError(
            "--intersection: no item is in common to the datasets "
            + " and ".join(f"{name} ({digest})" for digest, name in sorted(names.items()))
            + "; they were scored on other samples, contigs or depths"
        )
    places = set.union(*(_places(run.items, shared) for run in runs))
    single = set.union(*known.values()) - shared
    restricted = [
        replace(caller, runs=tuple(_restrict(run, shared, single, places) for run in caller.runs))
        for caller in callers
    ]
    return restricted, Common(
        len(shared), {digest: (names[digest], len(has)) for digest, has in known.items()}
    )


def _restrict(
    run: Run, shared: set[tuple[str, int]], single: set[tuple[str, int]], places: set[tuple[str, ...]]
) -> Run:
    items = run.items
    keys = _keys(items)
    in_common = np.fromiter((key in shared for key in keys), bool, len(keys))
    beside = np.fromiter((key not in single for key in keys), bool, len(keys))
    there = np.fromiter((place in places for place in _place(items)), bool, len(keys))
    kept = items[in_common | (~_anchored(items) & beside & there)].reset_index(drop=True)
    return run.on(kept)


def _anchored(items: pd.DataFrame) -> np.ndarray:
    """Say which rows every caller of a dataset has: for counts those of the truth, else all."""
    found = measured(items.columns)
    if any(family is not COUNTS for family, _ in found):
        return np.ones(len(items), bool)
    truth = [f"{count}_{level}" for _, level in found for count in ("tp", "fn")]
    return items[truth].to_numpy().any(axis=1)


def _keys(items: pd.DataFrame) -> list[tuple[str, int]]:
    return list(zip(items["cell"].astype(str), items["item"].tolist(), strict=True))


def _place(items: pd.DataFrame) -> list[tuple[str, ...]]:
    columns = ["cell", *(name for name in _PLACE if name in items)]
    return list(zip(*(items[name].astype(str) for name in columns), strict=True))


def _places(items: pd.DataFrame, shared: set[tuple[str, int]]) -> set[tuple[str, ...]]:
    return {place for place, key in zip(_place(items), _keys(items), strict=True) if key in shared}

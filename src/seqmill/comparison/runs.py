"""Scored runs and baselines, read from disk and grouped into callers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyarrow import ArrowInvalid

from seqmill.comparison.cells import in_order
from seqmill.errors import InputError
from seqmill.evaluation.bootstrap import Resampled, resample
from seqmill.evaluation.measures import measured
from seqmill.evaluation.metrics import check_items, score, score_strata
from seqmill.evaluation.paired import Side
from seqmill.files import read_json

Key = tuple[str, str, str]
"""Cell, level and measure."""

_SCORED = ("dataset", "dataset_digest", "experiment", "metrics", "run", "seed")


@dataclass(frozen=True)
class Run:
    """One scored run: the folder and what its JSON files say.

    Attributes
    ----------
    path : Path
        Folder with ``metrics.json`` and ``items.parquet``.
    scored : dict
        ``metrics.json``.
    curves, training : dict
        ``curves.json`` and ``train.json``; empty where the run has none.
    config : str
        ``config.yaml``; empty where the run has none.
    kept : DataFrame or None
        The scored items to look at; None for all of ``items.parquet``.
    """

    path: Path
    scored: dict[str, Any]
    curves: dict[str, Any]
    training: dict[str, Any]
    config: str
    kept: pd.DataFrame | None = None

    @property
    def name(self) -> str:
        """Identifier of the run."""
        return str(self.scored["run"])

    @property
    def experiment(self) -> str:
        """Experiment, or the baseline's name."""
        return str(self.scored["experiment"])

    @property
    def seed(self) -> int | None:
        """Seed of the run; None for a caller without one."""
        return self.scored["seed"]

    @property
    def members(self) -> list[str]:
        """Experiments of an ensemble; none for any other caller."""
        return list(self.scored.get("members", ()))

    @property
    def dataset_digest(self) -> str:
        """Digest of the dataset the run was scored on."""
        return str(self.scored["dataset_digest"])

    @cached_property
    def items(self) -> pd.DataFrame:
        """The scored items; see `seqmill.evaluation.metrics.check_items`.

        Raises
        ------
        InputError
            When the file is damaged or is no table of scored items.
        """
        return _read_items(self.path / "items.parquet") if self.kept is None else self.kept

    @cached_property
    def cells(self) -> dict[str, pd.DataFrame]:
        """The scored items by cell."""
        return {str(cell): inside for cell, inside in self.items.groupby("cell", sort=True)}

    @cached_property
    def resampled(self) -> dict[Key, Resampled]:
        """Every measure in every cell, on the items and on their bootstrap replicates."""
        return {
            (cell, level, measure): drawn
            for cell, inside in self.cells.items()
            for (level, measure), drawn in resample(inside).items()
            if not np.isnan(drawn.value)
        }

    def on(self, items: pd.DataFrame) -> "Run":
        """Give the run as if only some of its items had been scored; its curves, over all, are left out."""
        scored = self.scored | {"metrics": score(items), "strata": score_strata(items)}
        return replace(self, scored=scored, curves={}, kept=items)

    @classmethod
    def read(cls, path: Path) -> "Run":
        """Read a run's folder.

        Raises
        ------
        InputError
            When the folder was not scored.
        """
        for needed in ("metrics.json", "items.parquet"):
            if not (path / needed).is_file():
                raise InputError(f"{path}: no {needed}; score it first with 'seqmill evaluate'")
        config = path / "config.yaml"
        return cls(
            path=path,
            scored=read_json(path / "metrics.json", *_SCORED),
            curves=_read_if_there(path / "curves.json"),
            training=_read_if_there(path / "train.json"),
            config=config.read_text() if config.is_file() else "",
        )


@dataclass(frozen=True)
class Caller:
    """An experiment with its seeds, or a baseline.

    Attributes
    ----------
    name : str
        Experiment, or the baseline's name.
    baseline : bool
        Whether it is what the experiments have to beat.
    runs : tuple of Run
        Its runs by rising seed.
    """

    name: str
    baseline: bool
    runs: tuple[Run, ...]

    @cached_property
    def resampled(self) -> dict[Key, Resampled]:
        """The mean over seeds of every measure, replicate by replicate."""
        keys = set.intersection(*(set(run.resampled) for run in self.runs))
        return {key: Resampled.mean([run.resampled[key] for run in self.runs]) for key in sorted(keys)}

    @property
    def bound(self) -> bool:
        """Whether it shows what can be reached, and is nobody's rival."""
        return any(run.scored.get("bound", False) for run in self.runs)

    def seeds(self, key: Key) -> list[float]:
        """Give one measure of each run."""
        return [run.resampled[key].value for run in self.runs]

    def side(self, key: Key) -> Side:
        """Give what a paired test of one measure in one cell takes."""
        return Side([run.cells[key[0]] for run in self.runs], [run.resampled[key] for run in self.runs])


def load_callers(
    runs: Sequence[Path],
    baselines: Sequence[Path] = (),
    *,
    dataset_digest: str | None = None,
    several_datasets: bool = False,
) -> list[Caller]:
    """Read the folders of runs and baselines and group them by experiment.

    Parameters
    ----------
    runs, baselines : sequence of Path
        Folders of scored runs; a baseline may have seeds like an experiment.
    dataset_digest : str, optional
        Digest of the manifest all of them have to be scored on.
    several_datasets : bool
        Whether runs of different datasets are let through; see `seqmill.comparison.common`.

    Returns
    -------
    list of Caller
        Experiments first, then baselines, each by name.

    Raises
    ------
    InputError
        When there is no run, one was not scored, two were scored on different datasets, or two share
        experiment and seed.
    """
    if not runs:
        raise InputError("no run to compare; give at least one scored run with --run DIR")
    read = {role: [Run.read(Path(path)) for path in paths] for role, paths in enumerate((runs, baselines))}
    if not several_datasets:
        _check_one_dataset([*read[0], *read[1]], dataset_digest)
    _check_distinct([*read[0], *read[1]])
    callers = []
    for role, found in read.items():
        for name in sorted({run.experiment for run in found}):
            own = sorted((run for run in found if run.experiment == name), key=lambda run: run.seed or 0)
            callers.append(Caller(name, bool(role), tuple(own)))
    clashing = {caller.name for caller in callers if caller.baseline} & {
        caller.name for caller in callers if not caller.baseline
    }
    if clashing:
        raise InputError(
            f"{', '.join(sorted(clashing))}: given both as a run and as a baseline; give it as one"
        )
    return callers


def cells_of(callers: Sequence[Caller]) -> list[str]:
    """Give every cell any caller was scored in, in order."""
    sizes: dict[str, int] = {}
    for caller in callers:
        for (cell, _, _), drawn in caller.resampled.items():
            sizes[cell] = max(sizes.get(cell, 0), drawn.n)
    return in_order(sizes)


def levels_of(callers: Sequence[Caller]) -> dict[str, tuple[str, ...]]:
    """Give what the callers were scored for: level -> its measures, the leading ones first."""
    levels: dict[str, tuple[str, ...]] = {}
    for run in (run for caller in callers for run in caller.runs):
        for family, level in measured(run.items.columns):
            levels.setdefault(level, family.measures)
    return levels


def leading(callers: Sequence[Caller]) -> tuple[str, str]:
    """Give the level and the measure that callers are ranked by."""
    level, measures = next(iter(levels_of(callers).items()))
    return level, measures[0]


def other_dataset(run: Run, digest: str, holder: str) -> str:
    """Say that a run was scored on another dataset than `holder` is of."""
    return (
        f"{run.path}: scored on dataset {run.dataset_digest} ({run.scored['dataset']}), but {holder} is of "
        f"dataset {digest}; numbers of different datasets cannot be compared as they are. Train and evaluate "
        "anew on one dataset, or compare on the items in common with --intersection."
    )


def _check_one_dataset(runs: Sequence[Run], wanted: str | None) -> None:
    first = runs[0]
    for run in runs:
        digest = wanted or first.dataset_digest
        if run.dataset_digest != digest:
            raise InputError(other_dataset(run, digest, "the manifest" if wanted else str(first.path)))


def _check_distinct(runs: Sequence[Run]) -> None:
    seen: dict[tuple[str, int | None], Path] = {}
    for run in runs:
        key = (run.experiment, run.seed)
        if key in seen:
            raise InputError(
                f"{run.path}: experiment {run.experiment} with seed {run.seed} is also in {seen[key]}; "
                "give each once"
            )
        seen[key] = run.path


def _read_items(path: Path) -> pd.DataFrame:
    try:
        items = pd.read_parquet(path)
    except ArrowInvalid as error:
        raise InputError(
            f"{path}: no whole Parquet file; score the run again with 'seqmill evaluate'"
        ) from error
    check_items(items, name=str(path))
    return items


def _read_if_there(path: Path) -> dict[str, Any]:
    return read_json(path) if path.is_file() else {}

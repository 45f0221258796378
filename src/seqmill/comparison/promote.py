"""Make a run the champion of its registered model, if it beats the present one on the same test items."""

import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.tracking.client import MlflowClient

from seqmill.errors import InputError
from seqmill.evaluation.bootstrap import Resampled, resample
from seqmill.evaluation.ensemble import SUFFIX
from seqmill.evaluation.measures import COUNTS, family_of, measured
from seqmill.evaluation.metrics import check_items
from seqmill.evaluation.paired import Side, paired_test
from seqmill.evaluation.results import OVERALL
from seqmill.files import read_json
from seqmill.tracking.record import EVALUATION_FOLDER
from seqmill.tracking.registry import CHAMPION, SCORES, champion_version, register_run, set_champion
from seqmill.tracking.store import connect

LEVEL = 0.95
_SHOWN = 12  # characters of a digest that tell two apart


@dataclass(frozen=True)
class Scored:
    """A run with what it was scored on, item by item.

    Attributes
    ----------
    run_id : str
        Its id in the store.
    name : str
        How a message calls it.
    facts : dict
        ``metrics.json``.
    items : DataFrame
        ``items.parquet``.
    """

    run_id: str
    name: str
    facts: dict[str, Any]
    items: pd.DataFrame

    @property
    def dataset(self) -> str:
        """Name and shortened digest of the dataset."""
        return f"{self.facts['dataset']} ({self.facts['dataset_digest'][:_SHOWN]})"


def promote(
    run: str, uri: str, *, name: str | None = None, metric: str | None = None, level: float = LEVEL
) -> dict[str, Any]:
    """Register a run's model; make it the champion when it is the first, or beats the present champion.

    It beats the champion when the paired bootstrap interval of the difference in the metric, over the same
    test items, lies above zero and the paired test (`seqmill.evaluation.paired`) agrees. Every run that is
    not refused becomes a version of the model, once.

    Parameters
    ----------
    run : str
        Folder of a scored run, or an id of the store.
    uri : str
        Address of the store.
    name : str, optional
        Registered model; ``seqmill-DATASET`` by default.
    metric : str, optional
        MEASURE.LEVEL.CELL, as in ``metrics.json``; the leading measure over all items by default. The cell
        ``overall`` pools all items.
    level : float
        Confidence of the two-sided interval; the test's p-value may be at most 1 - `level`.

    Returns
    -------
    dict
        ``promoted``, ``reason``, ``model``, ``version``, ``alias``, ``run_id``, ``metric``, ``level``,
        ``dataset_digest``, ``value``, and where there was a champion ``champion`` (``version``, ``run_id``,
        ``value``) and ``difference`` (``value``, ``low``, ``high``, ``p``, ``n``).

    Raises
    ------
    InputError
        When the run is an ensemble or a baseline, run or champion were not scored or lack the metric, or
        they were scored on different datasets or different truths.
    """
    client = connect(uri)
    challenger = _read_folder(Path(run)) if Path(run).is_dir() else _read_tracked(client, uri, run)
    name = name or f"seqmill-{challenger.facts['dataset']}"
    metric = metric or _leading(challenger)
    items, own = _measured(challenger, metric)
    verdict: dict[str, Any] = {
        "model": name,
        "alias": CHAMPION,
        "run_id": challenger.run_id,
        "metric": metric,
        "level": level,
        "dataset_digest": challenger.facts["dataset_digest"],
        "value": own.value,
    }
    present = champion_version(client, name)
    if present is None:
        verdict |= {"promoted": True, "reason": f"{name} has no champion yet"}
    elif present.run_id == challenger.run_id:
        verdict |= {"promoted": False, "reason": f"it is the champion already (version {present.version})"}
    else:
        holder = _read_tracked(client, uri, present.run_id, f"the champion (version {present.version})")
        their_items, held = _measured(holder, metric)
        _check_same_test(challenger, holder, metric)
        measure, judged, _ = metric.split(".", 2)
        test = paired_test(Side([items], [own]), Side([their_items], [held]), judged, measure)
        difference = own.minus(held).interval(level)
        verdict |= _judge(difference.low, difference.high, test.p, level)
        verdict["champion"] = {
            "version": int(present.version),
            "run_id": holder.run_id,
            "value": held.value,
        }
        verdict["difference"] = {
            "value": difference.value,
            "low": difference.low,
            "high": difference.high,
            "p": test.p,
            "n": difference.n,
        }
    folder = Path(run) if Path(run).is_dir() else None
    verdict["version"] = register_run(
        uri, challenger.run_id, name=name, folder=folder, tags={"metric": metric, "value": str(own.value)}
    )
    if verdict["promoted"]:
        set_champion(client, name, verdict["version"])
    return verdict


def _judge(low: float, high: float, p: float, level: float) -> dict[str, Any]:
    """Say what interval and test of the difference to the champion allow to say."""
    span = f"the {100 * level:g} % interval of the difference is [{low:+.4f}, {high:+.4f}], p {p:.2g}"
    sure = p <= 1 - level
    if low > 0 and sure:
        return {"promoted": True, "reason": f"it beats the champion: {span}"}
    if high < 0 and sure:
        return {"promoted": False, "reason": f"it is worse than the champion: {span}"}
    return {"promoted": False, "reason": f"it cannot be told from the champion: {span}"}


def _leading(run: Scored) -> str:
    family, level = measured(run.items.columns)[0]
    return f"{family.measures[0]}.{level}.{OVERALL}"


def _measured(run: Scored, metric: str) -> tuple[pd.DataFrame, Resampled]:
    """Give the items of a metric's cell, and the metric on them."""
    there = measured(run.items.columns)
    cells = [OVERALL, *sorted(run.items["cell"].unique())]
    known = [f"{measure}.{level}" for family, level in there for measure in family.measures]
    what, cell = next(
        ((name, metric[len(name) + 1 :]) for name in known if metric.startswith(f"{name}.")), ("", "")
    )
    if cell not in cells:
        raise InputError(
            f"metric: found '{metric}', wanted MEASURE.LEVEL.CELL with one of {', '.join(known)} "
            f"and a cell of {run.name}: {', '.join(cells)}"
        )
    items = run.items if cell == OVERALL else run.items[run.items["cell"] == cell]
    measure, _, level = what.partition(".")
    drawn = resample(items).get((level, measure))
    if drawn is None or math.isnan(drawn.value):
        raise InputError(f"{run.name}: {metric} is undefined on its items; choose another metric")
    return items, drawn


def _check_same_test(challenger: Scored, holder: Scored, metric: str) -> None:
    ours, theirs = (_tested(scored.items, metric) for scored in (challenger, holder))
    shared = f"{len(ours & theirs)} test items are in both, of {len(ours)} and {len(theirs)}"
    advice = (
        "Scores of different tests decide nothing: evaluate both on one dataset, or register it under "
        "another --name"
    )
    if challenger.facts["dataset_digest"] != holder.facts["dataset_digest"]:
        raise InputError(
            f"{challenger.name} was scored on dataset {challenger.dataset}, {holder.name} on "
            f"{holder.dataset}; {shared}. {advice}."
        )
    if ours != theirs:
        raise InputError(
            f"{challenger.name} and {holder.name} were scored on dataset {holder.dataset} by different "
            f"rules: {shared}. {advice}."
        )


def _tested(items: pd.DataFrame, metric: str) -> set[tuple[Any, ...]]:
    """Give the items that are there whatever a caller says: for counts the truths, else all."""
    measure, level, _ = metric.split(".", 2)
    if family_of(measure) is COUNTS:
        items = items[(items[f"tp_{level}"] + items[f"fn_{level}"]) > 0]
    return set(zip(items["item"], items["cell"], strict=True))


def _read_folder(folder: Path) -> Scored:
    if not (folder / "train.json").is_file() and (folder / SCORES[0]).is_file():
        _refuse_untrained(folder)
    for needed in ("train.json", *SCORES):
        if not (folder / needed).is_file():
            verb = "train" if needed == "train.json" else "evaluate"
            raise InputError(f"{folder}: no {needed}; make it first with 'seqmill {verb}'")
    run_id = read_json(folder / "train.json", "run_id")["run_id"]
    return _read(*(folder / file for file in SCORES), run_id, str(folder))


def _refuse_untrained(folder: Path) -> None:
    """Refuse what was scored but not trained: an ensemble is several models, a baseline is none."""
    experiment = read_json(folder / SCORES[0], "experiment")["experiment"]
    if experiment.endswith(SUFFIX):
        raise InputError(
            f"{folder}: an ensemble, found {experiment}; wanted one trained run: a version of a registered "
            f"model is one checkpoint; promote a seed of {experiment.removesuffix(SUFFIX)}"
        )
    raise InputError(
        f"{folder}: scored, but not trained (no train.json), as the baseline {experiment}; wanted the folder "
        "of a trained run, since a version of a registered model is a checkpoint"
    )


def _read_tracked(client: MlflowClient, uri: str, run_id: str, name: str | None = None) -> Scored:
    called = f"{name}, run {run_id}" if name else f"run {run_id}"
    try:
        client.get_run(run_id)
        logged = {Path(found.path).name for found in client.list_artifacts(run_id, EVALUATION_FOLDER)}
        missing = [needed for needed in SCORES if needed not in logged]
        if missing:
            raise InputError(
                f"{called}: {' and '.join(missing)} not in {uri}; score it with "
                f"'seqmill evaluate --run FOLDER --tracking-uri {uri} ...'"
            )
        with tempfile.TemporaryDirectory() as scratch:
            places = [
                client.download_artifacts(run_id, f"{EVALUATION_FOLDER}/{file}", scratch) for file in SCORES
            ]
            return _read(*map(Path, places), run_id, called)
    except MlflowException as error:
        raise InputError(
            f"{called}: neither a folder nor a run that {uri} can give: {error.message}"
        ) from error


def _read(metrics: Path, scored: Path, run_id: str, name: str) -> Scored:
    facts = read_json(metrics, "dataset", "dataset_digest")
    items = pd.read_parquet(scored)
    check_items(items, name=name)
    return Scored(run_id, name, facts, items)

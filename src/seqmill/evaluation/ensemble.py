"""The seeds of experiments as one predictor: the mean of their probabilities, or of their outputs.

Source of the method: Lakshminarayanan, Pritzel and Blundell (2017), "Simple and scalable predictive
uncertainty estimation using deep ensembles".
"""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.errors import InputError
from seqmill.evaluation.calibrated import CALIBRATION, log_probabilities
from seqmill.evaluation.dataset import SPLITS, Dataset
from seqmill.evaluation.predictions import LOGIT, logits, read_origin, write_predictions
from seqmill.evaluation.tables import score_tables
from seqmill.files import digest_json, read_json, sha256_file

Floats = npt.NDArray[np.float64]

SUFFIX = "_ensemble"
"""What is added to an experiment's name."""


def evaluate_ensemble(
    runs: Sequence[Path], dataset: Dataset, *, output: Path, name: str = "", threads: int = 1
) -> dict[str, Any]:
    """Score the mean of the members' calibrated probabilities, or outputs, like a run of its own.

    Predictions from profiles tell the standard deviation over members beside the mean.

    Parameters
    ----------
    runs : sequence of Path
        Folders of scored runs, two or more, with ``predictions.parquet``.
    dataset : Dataset
        What they were scored on.
    output : Path
        Folder to write to; the files are those of a scored run.
    name : str
        What the mean of several experiments is called; that of one has its name.
    threads : int
        Threads to score with.

    Returns
    -------
    dict
        What ``metrics.json`` holds.

    Raises
    ------
    InputError
        When there are fewer than two runs, one was not scored on this dataset, or they are of several
        experiments and have no name.
    """
    if len(runs) < 2:
        raise InputError(f"an ensemble needs two runs or more, {len(runs)} given; add them with --member")
    members = [_scored(run, dataset) for run in sorted(runs)]
    experiments = sorted({member["experiment"] for member in members})
    if len(experiments) > 1 and not name:
        raise InputError(
            f"an ensemble of several experiments wants a name, found {', '.join(experiments)}; give it with "
            "--name, or members of one of them"
        )
    tables = [run / "predictions.parquet" for run in sorted(runs)]
    spread = "rows" in dataset.application.reads
    if dataset.application.classes:
        predictions = mean_predictions(tables, spread=spread)
    else:
        given = {column.name for column in dataset.manifest.encoding.all_columns}
        predictions = mean_outputs(tables, given, spread=spread)
    output.mkdir(parents=True, exist_ok=True)
    parents = [origin for table in tables if (origin := read_origin(table)) is not None]
    written = write_predictions(output / "predictions.parquet", predictions, parents=parents)
    checkpoints = [sha256_file(run / "checkpoint.ckpt") for run in sorted(runs)]
    return score_tables(
        output,
        {split: predictions[predictions["split"] == split].reset_index(drop=True) for split in SPLITS},
        dataset=dataset,
        lineage={"checkpoints": ",".join(checkpoints)},
        run=f"ensemble-{digest_json(checkpoints)[:16]}",
        experiment=(name or experiments[0]) + SUFFIX,
        seed=None,
        predictions=written,
        threads=threads,
        members=experiments,
    )


def mean_predictions(tables: Sequence[Path], *, spread: bool = False) -> pd.DataFrame:
    """Average what the members say of each example.

    Parameters
    ----------
    tables : sequence of Path
        Each member's ``predictions.parquet``; ``calibration.json`` beside it holds its temperature.
    spread : bool
        Whether ``sd_probability_0``, ... are added: the standard deviation over members, with n - 1.

    Returns
    -------
    DataFrame
        The first member's table; its logits are the logarithms of the mean probabilities.

    Raises
    ------
    InputError
        When the members did not predict the same examples in the same order.
    """
    first = pd.read_parquet(tables[0])

    def probabilities(path: Path) -> Floats:
        table = _same_examples(path, first, tables[0])
        temperature = read_json(path.parent / CALIBRATION, "temperature")["temperature"]
        return np.exp(log_probabilities(logits(table), temperature))

    mean, sd = _mean_and_sd(map(probabilities, tables))
    found = np.log(np.maximum(mean, np.finfo(np.float64).tiny)).astype(np.float32)
    columns = {f"{LOGIT}{index}": column for index, column in enumerate(found.T)}
    if spread:
        columns |= {f"sd_probability_{index}": column for index, column in enumerate(sd.T)}
    return first.assign(**columns)


def mean_outputs(tables: Sequence[Path], given: Collection[str], *, spread: bool = False) -> pd.DataFrame:
    """Average every column but those `given` with the examples, for an application without classes.

    With `spread`, ``sd_NAME`` stands beside each: the standard deviation over members, with n - 1.

    Raises
    ------
    InputError
        When the members did not predict the same examples in the same order.
    """
    first = pd.read_parquet(tables[0])
    outputs = [name for name in first if name not in given]
    mean, sd = _mean_and_sd(
        _same_examples(path, first, tables[0])[outputs].to_numpy(np.float64) for path in tables
    )
    columns = dict(zip(outputs, mean.T.astype(np.float32), strict=True))
    if spread:
        columns |= {f"sd_{name}": values for name, values in zip(outputs, sd.T, strict=True)}
    return pd.concat([first.drop(columns=outputs), pd.DataFrame(columns)], axis=1)


def _mean_and_sd(members: Iterable[Floats]) -> tuple[Floats, npt.NDArray[np.float32]]:
    """Give mean and standard deviation (n - 1) over members by the running sums of Welford (1962)."""
    number, mean, squares = 0, np.zeros(()), np.zeros(())
    for number, values in enumerate(members, start=1):
        off = values - mean
        mean = mean + off / number
        squares = squares + off * (values - mean)
    return mean, np.sqrt(squares / max(number - 1, 1)).astype(np.float32)


def _same_examples(path: Path, first: pd.DataFrame, other: Path) -> pd.DataFrame:
    table = pd.read_parquet(path)
    if not table["example_id"].equals(first["example_id"]):
        raise InputError(
            f"{path}: predicts other examples than {other}; score both anew with 'seqmill evaluate'"
        )
    return table


def _scored(run: Path, dataset: Dataset) -> dict[str, Any]:
    for needed in ("metrics.json", "predictions.parquet", CALIBRATION, "checkpoint.ckpt"):
        if not (run / needed).is_file():
            raise InputError(f"{run}: no {needed}; score it first with 'seqmill evaluate --run {run}'")
    scored: dict[str, Any] = read_json(run / "metrics.json", "experiment", "dataset_digest")
    if scored["dataset_digest"] != dataset.manifest.digest:
        raise InputError(
            f"{run}: scored on dataset {scored['dataset_digest']}, but {dataset.manifest.path} is "
            f"{dataset.manifest.digest}; score it anew with 'seqmill evaluate --run {run}'"
        )
    return scored

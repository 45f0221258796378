"""How a comparison was made: facts, runs, configurations and commands."""

import math
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seqmill.comparison.numbers import NOTHING
from seqmill.comparison.runs import Caller, Run
from seqmill.evaluation.ensemble import SUFFIX
from seqmill.evaluation.measures import FAMILIES
from seqmill.files import program_version
from seqmill.shards.manifest import Manifest

_FAMILIES = tuple(f"{measure}." for family in FAMILIES for measure in family.measures)


def facts(manifest: Manifest, *, git_commit: str | None) -> list[tuple[str, str]]:
    """Name what the numbers hang on."""
    listed = [
        ("dataset", manifest.dataset),
        ("dataset digest", manifest.digest),
        ("reference checksum", str(manifest.reference["checksum"])),
        ("application", manifest.encoding.application),
        ("encoding digest", manifest.encoding.digest),
        ("dataset written by", f"seqmill {manifest.program_version}"),
        ("report written by", f"seqmill {program_version()}"),
    ]
    return [*listed, ("git commit", git_commit)] if git_commit else listed


def run_table(callers: Sequence[Caller]) -> tuple[list[str], list[dict[str, Any]]]:
    """List every run, with the metrics that belong to no cell as further columns."""
    runs = [run for caller in callers for run in caller.runs]
    further = sorted({row["metric"] for run in runs for row in _further(run)})
    return further, [_run(run, further) for run in runs]


def configs(callers: Sequence[Caller]) -> list[dict[str, str]]:
    """Give the configuration of each trained caller, as its first run recorded it."""
    return [
        {"name": f"{caller.name}, seed {caller.runs[0].seed}", "text": caller.runs[0].config}
        for caller in callers
        if caller.runs[0].config
    ]


def commands(callers: Sequence[Caller], manifest: Manifest, command: Sequence[str]) -> str:
    """Give the commands that train and score each run again, and the one that wrote the report."""
    runs = [run for caller in callers for run in caller.runs]
    lines = [line for run in runs for line in _remade(run, runs, manifest.path)]
    return "\n".join([*lines, shlex.join(command)])


def _remade(run: Run, runs: Sequence[Run], manifest: Path) -> list[str]:
    score = f"seqmill evaluate --run {run.path} --manifest {manifest}"
    if sites := run.training.get("sites"):
        checkpoints = " ".join(site["checkpoint"] for site in sites)
        name = f"--experiment {run.experiment}"
        return [f"seqmill federated average {checkpoints} --output {run.path} {name}", score]
    if run.training:
        return [
            f"seqmill train experiment={run.experiment} dataset.manifest={manifest} seed={run.seed}"
            f" --output {run.path}",
            score,
        ]
    what = f"--baseline {run.experiment}"
    if run.members:
        what = f"--member {' '.join(str(one.path) for one in runs if one.experiment in run.members)}"
    if len(run.members) > 1:
        what += f" --name {run.experiment.removesuffix(SUFFIX)}"
    return [f"seqmill evaluate {what} --manifest {manifest} --output-dir {run.path}"]


def _run(run: Run, further: Sequence[str]) -> dict[str, Any]:
    training = run.training
    values = {row["metric"]: row["value"] for row in _further(run)}
    wall = training.get("wall_s")
    columns = [
        run.seed,
        _whole(training.get("parameters")),
        training.get("epochs"),
        training.get("best_epoch"),
        None if wall is None else f"{wall / 60:.1f}",
        _whole(training.get("examples_per_s")),
        *(_number(values.get(name)) for name in further),
    ]
    return {
        "name": run.name,
        "experiment": run.experiment,
        "columns": [NOTHING if value is None else value for value in columns],
        "run_id": training.get("run_id") or NOTHING,
    }


def _further(run: Run) -> list[dict[str, Any]]:
    return [row for row in run.scored["metrics"] if not row["metric"].startswith(_FAMILIES)]


def _whole(value: float | None) -> str | None:
    return None if value is None else f"{value:,.0f}"


def _number(value: float | None) -> str | None:
    return None if value is None or math.isnan(value) else f"{value:.4g}"

"""Runs that others of the same workflow begin where they ended, or learn from: they are trained earlier."""

import json
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import yaml

from seqmill.plan.experiments import Experiment

Run = tuple[str, int]


def earlier_runs(experiment: Experiment, *, hydra: Path, results: str) -> list[Run]:
    """Find the runs of a dataset whose checkpoints an experiment names, in its overrides or its Hydra file.

    They stand in ``init_from`` or in an option such as ``augmentation.teachers``, as
    ``results/NAME/runs/EXPERIMENT/seed-SEED/checkpoint.ckpt``.

    Parameters
    ----------
    experiment : Experiment
        The experiment.
    hydra : Path
        Folder of the configuration groups.
    results : str
        Folder of everything that is written about the dataset.

    Returns
    -------
    list of (str, int)
        Experiment and seed of each, once, in order.
    """
    pattern = re.compile(rf"(?<![\w./-]){re.escape(results)}/runs/([\w.-]+)/seed-(\d+)/checkpoint\.ckpt\b")
    own = hydra / "experiment" / f"{experiment.base}.yaml"
    written = json.dumps(yaml.safe_load(own.read_text())) if own.is_file() else ""
    found = pattern.findall(" ".join((*experiment.overrides, written)))
    return sorted({(name, int(seed)) for name, seed in found})


def cycle_problems(
    experiments: Mapping[str, Experiment], *, hydra: Path, results: str, source: str
) -> Iterator[str]:
    """Give a sentence where experiments wait for one another, or one for itself."""
    waits = {
        name: {other for other, _ in earlier_runs(one, hydra=hydra, results=results)}
        for name, one in experiments.items()
    }
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        yield (
            f"{source}: experiments that begin with each other's checkpoints found, "
            f"{' -> '.join(reversed(error.args[1]))}; want each to begin with runs that do without it"
        )

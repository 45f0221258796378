"""The sheet of runs, and the Hydra files that each experiment is composed of."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from seqmill.errors import nearest
from seqmill.plan.sheets import read_sheet

_PRIMARY = "train"


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """One experiment and the seeds it is run with.

    Attributes
    ----------
    name : str
        Name in the report, and of the folder of its runs.
    base : str
        Name of ``experiment/NAME.yaml`` in the Hydra folder: the name itself, but for the trials of a sweep.
    seeds : tuple of int
        One run each.
    overrides : tuple of str
        Hydra overrides on top of the file.
    role : str
        ``model``, or ``baseline`` for what the models are held against.
    files : tuple of str
        The Hydra files it is composed of; editing another file leaves the experiment as it is.
    """

    name: str
    base: str
    seeds: tuple[int, ...]
    overrides: tuple[str, ...]
    role: str
    files: tuple[str, ...]


def read_experiments(
    path: Path, schema: Mapping[str, Any], *, hydra: Path
) -> tuple[dict[str, Experiment], list[str]]:
    """Read the sheet of runs.

    Returns
    -------
    experiments : dict
        Name -> `Experiment`, in the order of the sheet.
    problems : list of str
        One sentence for each mistake.
    """
    rows, problems = read_sheet(path, schema)
    seeds: dict[str, list[int]] = {}
    shared: dict[str, set[tuple[str, str]]] = {}
    for number, row in rows.items():
        if "experiment" not in row or not row.get("seed", "").isdecimal():
            continue
        name, seed = row["experiment"], int(row["seed"])
        if seed in seeds.setdefault(name, []):
            problems.append(f"{path}, line {number}: experiment '{name}' with seed {seed} is there twice")
            continue
        seeds[name].append(seed)
        shared.setdefault(name, set()).add((row.get("role", "model"), row.get("overrides", "")))
    known = [file.stem for file in sorted((hydra / "experiment").glob("*.yaml"))]
    for name in seeds:
        if len(shared[name]) > 1:
            problems.append(
                f"{path}: the rows of experiment '{name}' differ in role or overrides; "
                "give the other one a file of its own in the experiment folder"
            )
        if name not in known:
            problems.append(
                f"{path}: experiment '{name}' has no file {hydra}/experiment/{name}.yaml"
                f"{nearest(name, known)}"
            )
    return {
        name: _experiment(name, seeds[name], min(shared[name]), hydra) for name in seeds if name in known
    }, problems


def _experiment(name: str, seeds: list[int], shared: tuple[str, str], hydra: Path) -> Experiment:
    role, overrides = shared
    return Experiment(
        name=name,
        base=name,
        seeds=tuple(seeds),
        overrides=tuple(overrides.split()),
        role=role,
        files=hydra_files(hydra, name),
    )


def hydra_files(folder: Path, experiment: str) -> tuple[str, ...]:
    """List the files an experiment is composed of, by following the defaults lists from ``train.yaml``.

    A group chosen by the experiment (``override /model: name``) replaces the choice of the primary file,
    as in Hydra.
    """
    choices: dict[str, str] = {}
    primary = folder / f"{_PRIMARY}.yaml"
    own = folder / "experiment" / f"{experiment}.yaml"
    for file in (primary, own):
        choices |= _choices(file)
    choices["experiment"] = experiment
    files = {primary, *(folder / group / f"{name}.yaml" for group, name in choices.items())}
    return tuple(sorted(str(file) for file in files if file.is_file()))


def _choices(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    content = yaml.safe_load(file.read_text())
    defaults = content.get("defaults", []) if isinstance(content, Mapping) else []
    chosen = {}
    for entry in defaults if isinstance(defaults, list) else []:
        for group, name in entry.items() if isinstance(entry, Mapping) else ():
            if isinstance(name, str):
                chosen[group.removeprefix("override ").removeprefix("optional ").strip("/ ")] = name
    return chosen

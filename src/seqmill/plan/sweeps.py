"""Sweeps: a declared space of settings becomes a table of trials, the same each time."""

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from seqmill.errors import nearest
from seqmill.plan.experiments import Experiment, hydra_files
from seqmill.plan.schema import schema_problems, with_defaults

Value = str | int | float | bool

_DRAWS_A_TRIAL = 100


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """One sweep and its trials.

    Attributes
    ----------
    base : str
        The experiment that is varied.
    space : dict
        Key of the training configuration -> list of values, or range, as declared.
    trials : dict
        Name of a trial, an experiment of its own -> its value of each key.
    """

    base: str
    space: dict[str, Any]
    trials: dict[str, dict[str, Value]]


def read_sweeps(
    path: Path, schema: Mapping[str, Any], *, hydra: Path
) -> tuple[dict[str, Sweep], dict[str, Experiment], list[str]]:
    """Read the sweeps and lay out their trials.

    Random draws depend on the sweep's seed, its name and the key alone, so that a key that is added, or more
    trials, leave the values of the others as they were.

    Returns
    -------
    sweeps : dict
        Name -> `Sweep`.
    experiments : dict
        Trial -> its `Experiment`.
    problems : list of str
        One sentence for each mistake.
    """
    if not path.is_file():
        return {}, {}, [f"{path}: no such file"]
    try:
        content = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        return {}, {}, [f"{path}: no YAML that can be read: {' '.join(str(error).split())}"]
    problems = [f"{path}: {problem}" for problem in schema_problems(content, schema)]
    if problems:
        return {}, {}, problems
    known = [file.stem for file in sorted((hydra / "experiment").glob("*.yaml"))]
    sweeps, experiments = {}, {}
    for name, entry in content.items():
        declared = with_defaults(entry, schema["additionalProperties"])
        found = list(_problems(declared, known))
        problems += [f"{path}: {name}: {problem}" for problem in found]
        if found:
            continue
        trials = _trials(name, declared)
        sweeps[name] = Sweep(base=declared["experiment"], space=declared["space"], trials=trials)
        for trial, values in trials.items():
            experiments[trial] = Experiment(
                name=trial,
                base=declared["experiment"],
                seeds=tuple(declared["train_seeds"]),
                overrides=(*declared["overrides"], *(f"{key}={value}" for key, value in values.items())),
                role="model",
                files=hydra_files(hydra, declared["experiment"]),
            )
    return sweeps, experiments, problems


def _problems(declared: Mapping[str, Any], known: list[str]) -> Iterator[str]:
    base, draw, space = declared["experiment"], declared["draw"], declared["space"]
    if base not in known:
        yield f"experiment '{base}' has no file in the experiment folder{nearest(base, known)}"
    for key, values in space.items():
        if isinstance(values, list):
            continue
        if draw == "grid":
            yield f"space.{key}: found a range, a grid wants a list of values; or set draw: random"
        if not values["low"] < values["high"]:
            yield f"space.{key}: found low {values['low']} and high {values['high']}, wanted low below high"
        elif values.get("scale") == "log" and values["low"] <= 0:
            yield f"space.{key}: found low {values['low']} on a log scale, wanted more than 0"
    if draw == "grid" and "trials" in declared:
        yield "trials: a grid takes every combination; leave trials out, or set draw: random"
    if draw == "random" and "trials" not in declared:
        yield "trials: missing; a random sweep wants their number"
    if draw == "random" and all(isinstance(values, list) for values in space.values()):
        combinations = math.prod(len(values) for values in space.values())
        if declared.get("trials", 0) > combinations:
            yield f"trials: found {declared['trials']}, but the space has {combinations} combinations"


def _trials(name: str, declared: Mapping[str, Any]) -> dict[str, dict[str, Value]]:
    space = declared["space"]
    if declared["draw"] == "grid":
        rows = list(itertools.product(*space.values()))
    else:
        rows = _draw(name, declared)
    digits = max(2, len(str(len(rows))))
    return {
        f"{name}-{number:0{digits}d}": dict(zip(space, row, strict=True))
        for number, row in enumerate(rows, start=1)
    }


def _draw(name: str, declared: Mapping[str, Any]) -> list[tuple[Value, ...]]:
    """Draw distinct rows."""
    space, wanted = declared["space"], declared["trials"]
    streams = [random.Random(f"{declared['seed']}/{name}/{key}") for key in space]
    rows: dict[tuple[Value, ...], None] = {}
    for _ in range(_DRAWS_A_TRIAL * wanted):
        if len(rows) == wanted:
            break
        rows[
            tuple(_value(values, stream) for values, stream in zip(space.values(), streams, strict=True))
        ] = None
    return list(rows)


def _value(values: list[Value] | Mapping[str, Any], stream: random.Random) -> Value:
    if isinstance(values, list):
        return values[int(stream.random() * len(values))]
    low, high, scale = values["low"], values["high"], values.get("scale", "linear")
    share = stream.random()
    if scale == "integer":
        return min(int(high), math.floor(low + share * (high - low + 1)))
    if scale == "log":
        return float(f"{low * (high / low) ** share:.4g}")
    return float(f"{low + share * (high - low):.4g}")

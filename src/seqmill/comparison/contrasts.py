"""What differs between experiments besides their results: configuration, dataset, code, packages, machine."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from seqmill.comparison.runs import Caller, Run
from seqmill.comparison.tracked import Tracked

_OF_THE_RUN = ("seed", "experiment", "dataset.manifest")
_MACHINE = {
    "host": "host",
    "python": "Python",
    "device": "device",
    "precision": "precision",
    "cpus": "processors",
}
_COMMIT, _DIRTY = "mlflow.source.git.commit", "git_dirty"
ABSENT = "\N{EN DASH}"


@dataclass(frozen=True)
class Contrast:
    """One kind of fact: the names that differ, and the value of each caller.

    Attributes
    ----------
    title : str
        ``Configuration``, ``Dataset``, ``Code``, ``Packages`` or ``Machine``.
    callers : tuple of str
        The callers the fact is known of.
    rows : tuple
        (name, value of each caller) for every fact that is not the same for all.
    same : int
        Facts that are the same for all.
    """

    title: str
    callers: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    same: int


def contrasts(callers: Sequence[Caller], tracked: Mapping[str, Tracked]) -> list[Contrast]:
    """Contrast the trained callers, kind by kind; a kind of which nothing is known is left out.

    A fact of which the seeds of one caller differ shows all its values.
    """
    trained = [caller for caller in callers if any(run.training or run.config for run in caller.runs)]
    kinds = {
        "Configuration": [[_config(run) for run in caller.runs] for caller in trained],
        "Dataset": [[_dataset(run) for run in caller.runs] for caller in callers],
        "Code": [[_code(_of(run, tracked)) for run in caller.runs] for caller in trained],
        "Packages": [[dict(_of(run, tracked).packages) for run in caller.runs] for caller in trained],
        "Machine": [[_machine(_of(run, tracked)) for run in caller.runs] for caller in trained],
    }
    found = []
    for title, facts in kinds.items():
        named = [caller.name for caller in (callers if title == "Dataset" else trained)]
        if any(of_run for of_caller in facts for of_run in of_caller):
            found.append(_contrast(title, named, facts))
    return found


def flatten(content: Any, prefix: str = "") -> dict[str, str]:
    """Give the scalars of nested mappings and lists by dotted key, as text."""
    if isinstance(content, Mapping):
        parts: Iterable[tuple[str, Any]] = ((f"{prefix}{key}", value) for key, value in content.items())
    elif isinstance(content, list) and any(isinstance(value, Mapping | list) for value in content):
        parts = ((f"{prefix}{index}", value) for index, value in enumerate(content))
    else:
        return {prefix.rstrip("."): _text(content)}
    flat: dict[str, str] = {}
    for key, value in parts:
        flat |= flatten(value, f"{key}.")
    return flat


def _contrast(title: str, named: Sequence[str], facts: Sequence[Sequence[Mapping[str, str]]]) -> Contrast:
    known = [(name, of_caller) for name, of_caller in zip(named, facts, strict=True) if any(of_caller)]
    keys = sorted({key for _, of_caller in known for of_run in of_caller for key in of_run})
    table = {
        key: tuple(
            ", ".join(dict.fromkeys(of_run.get(key, ABSENT) for of_run in of_caller))
            for _, of_caller in known
        )
        for key in keys
    }
    differing = tuple(
        (key, values)
        for key, values in table.items()
        if len({of_run.get(key) for _, of_caller in known for of_run in of_caller}) > 1
    )
    return Contrast(title, tuple(name for name, _ in known), differing, len(table) - len(differing))


def _config(run: Run) -> dict[str, str]:
    flat = flatten(yaml.safe_load(run.config)) if run.config else {}
    return {key: value for key, value in flat.items() if key not in _OF_THE_RUN}


def _dataset(run: Run) -> dict[str, str]:
    return {"name": str(run.scored["dataset"]), "digest": run.dataset_digest[:12]}


def _code(run: Tracked) -> dict[str, str]:
    if _COMMIT not in run.tags:
        return {}
    changed = ", with uncommitted changes" if run.tags.get(_DIRTY) == "true" else ""
    facts = {"commit": run.tags[_COMMIT][:12] + changed}
    return facts | ({"seqmill": run.tags["program_version"]} if "program_version" in run.tags else {})


def _machine(run: Tracked) -> dict[str, str]:
    return {shown: run.tags[tag] for tag, shown in _MACHINE.items() if tag in run.tags}


def _of(run: Run, tracked: Mapping[str, Tracked]) -> Tracked:
    return tracked.get(run.training.get("run_id", ""), Tracked())


def _text(value: Any) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)

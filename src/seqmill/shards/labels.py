"""The label report of a dataset, and the limits outside which the build fails."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from seqmill.errors import InputError, nearest
from seqmill.shards.manifest import Manifest
from seqmill.shards.parts import PartHeader

LIMITS = {
    "missed_fraction": "truth sites without an example, as a share of all, at most",
    "min_examples": "examples in every split, at least",
    "min_class_examples": "examples of every label value in every split, at least",
}
"""Limits a configuration may set, each optional."""

_REACHED, _MISSED = "truth_reached", "truth_missed"


def check_limit_names(limits: Mapping[str, float]) -> None:
    """Refuse limits that do not exist, and values that are no numbers.

    Raises
    ------
    InputError
        With the nearest name, or the value found.
    """
    for name, value in limits.items():
        if name not in LIMITS:
            raise InputError(
                f"limits.{name}: no such limit{nearest(name, LIMITS)}; choose from: {', '.join(LIMITS)}"
            )
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"limits.{name}: {value!r} found, a number wanted ({LIMITS[name]})")


def label_report(manifest: Manifest, headers: Iterable[PartHeader]) -> dict[str, Any]:
    """Sum up what labelling found.

    Parameters
    ----------
    manifest : Manifest
        The dataset, whose shards counted their labels.
    headers : iterable of PartHeader
        Headers of all its parts.

    Returns
    -------
    dict
        ``rows`` (split -> examples), ``labels`` (split -> label column -> value -> examples), ``classes``
        (split -> class -> examples, as the application names them), ``counts`` (such as
        ``truth_reached.KIND`` and ``truth_missed.KIND.REASON``), ``missed_fraction`` (None without truth).
    """
    counts: Counter[str] = Counter()
    classes: dict[str, Counter[str]] = {}
    for header in headers:
        counts.update(header.counts)
        for split, of_split in header.classes.items():
            classes.setdefault(split, Counter()).update(of_split)
    labels: dict[str, dict[str, Counter[str]]] = {}
    rows: Counter[str] = Counter()
    for shard in manifest.shards:
        rows[shard.split] += shard.rows
        for name, values in shard.labels.items():
            labels.setdefault(shard.split, {}).setdefault(name, Counter()).update(values)
    missed = sum(_below(counts, _MISSED).values())
    truth = missed + sum(_below(counts, _REACHED).values())
    return {
        "dataset": manifest.dataset,
        "digest": manifest.digest,
        "rows": dict(rows),
        "labels": {split: {name: dict(of) for name, of in named.items()} for split, named in labels.items()},
        "classes": {split: dict(of_split) for split, of_split in classes.items()},
        "counts": dict(counts),
        "missed_fraction": missed / truth if truth else None,
    }


def check_limits(report: Mapping[str, Any], limits: Mapping[str, float]) -> None:
    """Hold a label report against limits.

    Raises
    ------
    InputError
        Naming every limit that is violated, the value found and, for missed sites, why they were missed.
    """
    problems = []
    if (most := limits.get("missed_fraction")) is not None and (report["missed_fraction"] or 0) > most:
        reasons = _below(report["counts"], _MISSED).items()
        ordered = sorted(reasons, key=lambda reason: (-reason[1], reason[0]))
        why = ", ".join(f"{reason or 'unknown'} {n}" for reason, n in ordered)
        problems.append(
            f"missed_fraction: {report['missed_fraction']:.4f} found, at most {most:g} wanted; missed: {why}"
        )
    if (least := limits.get("min_examples")) is not None:
        for split, found in sorted(report["rows"].items()):
            if found < least:
                problems.append(f"min_examples: {found} found in split {split}, at least {least:g} wanted")
    if (least := limits.get("min_class_examples")) is not None:
        problems += _rare_classes(report["labels"], least)
    if problems:
        listed = "\n".join(f"  - {problem}" for problem in problems)
        raise InputError(
            f"{report['dataset']}: labels are outside the limits of the configuration:\n{listed}\n"
            "Look at truth, confident regions and reads, or change limits"
        )


def _below(counts: Mapping[str, int], kind: str) -> dict[str, int]:
    """Give the counters called ``KIND`` or ``KIND.DETAIL``, by their detail."""
    return {name[len(kind) + 1 :]: n for name, n in counts.items() if name.partition(".")[0] == kind}


def _rare_classes(labels: Mapping[str, Mapping[str, Mapping[str, int]]], least: float) -> list[str]:
    columns = {name for named in labels.values() for name in named}
    values = {
        name: {value for named in labels.values() for value in named.get(name, {}) if int(value) >= 0}
        for name in columns
    }
    return [
        f"min_class_examples: {found} with {name} {value} found in split {split}, at least {least:g} wanted"
        for split, named in sorted(labels.items())
        for name in sorted(columns)
        for value in sorted(values[name], key=int)
        if (found := named.get(name, {}).get(value, 0)) < least
    ]

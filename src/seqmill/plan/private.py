"""The section `privacy`: what it forbids, and the plan under pseudonyms."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from seqmill.errors import InputError
from seqmill.plan.samples import Sample
from seqmill.privacy.consent import consent_problems, planned_uses
from seqmill.privacy.identifiers import read_identifiers
from seqmill.privacy.keys import find_key
from seqmill.privacy.links import staged_ending
from seqmill.privacy.pseudonyms import pseudonyms

PREDICT = "predict"
"""The use of samples that are predicted."""


def privacy_problems(config: Mapping[str, Any], samples: Mapping[str, Sample]) -> Iterator[str]:
    """Give one sentence for each use without consent, and for what the section lacks to be followed."""
    section = config["privacy"]
    if section is None:
        return
    if section["pseudonyms"] or section["encrypt"]:
        try:
            pseudonyms(find_key(), samples)
        except InputError as error:
            yield f"privacy: {error}"
    made = [key for key in ("simulate", "pack") if config[key]]
    if section["pseudonyms"] and made:
        yield (
            f"privacy.pseudonyms: found true with {made[0]}, which writes files under their names; wanted "
            "delivered files"
        )
    if section["identifiers"]:
        try:
            read_identifiers(Path(section["identifiers"]))
        except InputError as error:
            yield f"privacy.identifiers: {error}"
    if section["uses"] and section["consent"] is None:
        yield "privacy.uses: found, but no privacy.consent; wanted the uses that each consent class allows"
    if section["consent"] is not None:
        classes = {name: sample.consent for name, sample in samples.items()}
        asked = {split: facts["samples"] for split, facts in config["splits"].items()}
        planned = planned_uses({**asked, PREDICT: config["predict"]}, section["uses"])
        there = {name: uses for name, uses in planned.items() if name in samples}
        for name, uses in tuple(there.items()):  # a control is used as the sample is whose background it is
            control = samples[name].control
            if control in samples:
                there[control] = [*there.get(control, ()), *uses]
        yield from consent_problems(classes, section["consent"], there)


def under_pseudonyms(
    config: Mapping[str, Any], samples: Mapping[str, Sample]
) -> tuple[dict[str, Any], dict[str, Sample], dict[str, str]]:
    """Give configuration and samples under pseudonyms, and where labels' files are copied from.

    Parameters
    ----------
    config, samples
        As they were given, checked.

    Returns
    -------
    config : dict
        With pseudonyms in splits, depths and predictions.
    samples : dict
        Pseudonym -> `Sample`, whose labels lie under ``results/NAME/labels``.
    delivered : dict
        Name of a file there -> the file that it is a copy of.
    """
    names = pseudonyms(find_key(), samples)
    delivered: dict[str, str] = {}
    renamed = {}
    for name, sample in samples.items():
        labels = {}
        for column, path in sample.labels.items():
            file = f"{names[name]}.{column}{staged_ending(path)}"
            delivered[file] = path
            labels[column] = f"results/{config['dataset']}/labels/{file}"
        control = sample.control and names.get(sample.control, sample.control)
        renamed[names[name]] = replace(sample, name=names[name], labels=labels, control=control)
    splits = {
        split: facts | {"samples": [names.get(name, name) for name in facts["samples"]]}
        for split, facts in config["splits"].items()
    }
    changed = {
        "splits": splits,
        "depths": {names.get(name, name): depths for name, depths in config["depths"].items()},
        "predict": [names.get(name, name) for name in config["predict"]],
    }
    return {**config, **changed}, renamed, delivered


def privacy_facts(config: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a dataset tells of its privacy, for its plan and manifest; nothing without the section."""
    section = config["privacy"]
    if section is None:
        return {}
    facts = {"pseudonyms": section["pseudonyms"], "encrypted": section["encrypt"]}
    return {"privacy": facts | {key: section[key] for key in ("consent", "uses") if section[key]}}

"""A cohort with planted effects: of two genes and of age on a disease, a trait and survival."""

from pathlib import Path

import numpy as np
import yaml

PERSONS, GENES = 240, 5
EFFECTS = np.array([1.5, -1.0, 0.0, 0.0, 0.0])
OF_AGE = 0.8
OUTCOMES = ("binary", "quantitative", "survival")


def write(folder: Path) -> Path:
    """Write persons and plan; give the plan. A fifth of the persons are the test set that is given."""
    rng = np.random.default_rng(11)
    genes, age = rng.normal(3, 2, (PERSONS, GENES)), rng.normal(60, 10, PERSONS)
    risk = ((genes - 3) / 2) @ EFFECTS + OF_AGE * (age - 60) / 10
    disease = rng.random(PERSONS) < 1 / (1 + np.exp(-risk))
    trait = 20 + 4 * risk + rng.normal(0, 1, PERSONS)
    death, end = rng.exponential(10 * np.exp(-risk)), rng.uniform(2, 40, PERSONS)
    time, event = np.ceil(np.minimum(death, end)), death <= end
    lines = [
        "\t".join(["person", "age", *(f"g{gene}" for gene in range(GENES)), "ill", "level", "months", "died"])
    ]
    for number in range(PERSONS):
        values = [
            age[number],
            *genes[number],
            int(disease[number]),
            trait[number],
            time[number],
            int(event[number]),
        ]
        lines.append("\t".join([f"P{number:03}", *(f"{value:.5g}" for value in values)]))
    for name, chosen in (("first", lines[1:193]), ("given", lines[193:])):
        (folder / f"{name}.tsv").write_text("\n".join([lines[0], *chosen]) + "\n")
    plan = folder / "profiles.yaml"
    plan.write_text(yaml.safe_dump(content(folder), sort_keys=False))
    return plan


def content(folder: Path) -> dict:
    """Give the plan."""
    files = str(folder / "*.tsv")
    labels = {"disease": "ill", "trait": "level", "time": "months", "event": "died"}
    return {
        "profiles": {
            "id": "person",
            "blocks": {
                "covariates": {"path": files, "options": {"columns": "^age$"}},
                "expression": {"path": files, "options": {"columns": "^g"}},
            },
        },
        "rows": [{"sample": "cohort", "path": files, "profile": "person", "labels": labels}],
        "folds": {"person": ["profile"]},
        "given": {"person": {"column": "@file", "values": ["given"]}},
    }


def splits() -> dict:
    """Give the splits: the given file is the test."""
    folds = [f"person_{fold}" for fold in range(10)]
    parts = {"train": folds[2:], "validation": folds[:2], "test": ["person_given"]}
    return {name: {"samples": ["cohort"], "contigs": contigs} for name, contigs in parts.items()}

"""A cohort of two ancestries of which one is ill more often; no site has an effect of its own."""

from pathlib import Path

import numpy as np
import yaml

PERSONS, SITES = 360, 120
RATES = (0.15, 0.65)
COUNT = 2

_RNG = np.random.default_rng(5)
ANCESTRY = _RNG.integers(0, 2, PERSONS)
_SHARED = _RNG.uniform(0.2, 0.8, SITES)
_DRIFT = _RNG.normal(0, 0.12, (2, SITES))
FREQUENCIES = (_SHARED + _DRIFT).clip(0.02, 0.98)
DOSAGES = _RNG.binomial(2, FREQUENCIES[ANCESTRY]).astype(int)
MISSING = _RNG.random(DOSAGES.shape) < 0.03
MISSING[0] = True
DISEASE = (_RNG.random(PERSONS) < np.array(RATES)[ANCESTRY]).astype(int)
AGE = _RNG.normal(60, 10, PERSONS)


def write(folder: Path, *, changed: str = "") -> Path:
    """Write persons and plan; give the plan. The genotypes of the person `changed` are others."""
    sites = [f"s{site}" for site in range(SITES)]
    lines = ["\t".join(["person", "age", "ill", *sites])]
    for number in range(PERSONS):
        name = f"P{number:03}"
        dosages = 2 - DOSAGES[number] if name == changed else DOSAGES[number]
        cells = np.where(MISSING[number], "", dosages.astype(str))
        lines.append("\t".join([name, f"{AGE[number]:.4f}", str(DISEASE[number]), *cells]))
    path = folder / "cohort.tsv"
    path.write_text("\n".join(lines) + "\n")
    plan = folder / "profiles.yaml"
    plan.write_text(yaml.safe_dump(content(str(path)), sort_keys=False))
    return plan


def content(path: str) -> dict:
    """Give the plan."""
    return {
        "profiles": {
            "id": "person",
            "blocks": {
                "covariates": {"path": path, "options": {"columns": "^age$"}},
                "dosage": {"path": path, "dtype": "int8", "options": {"columns": "^s[0-9]"}},
            },
        },
        "rows": [{"sample": "cohort", "path": path, "profile": "person", "labels": {"disease": "ill"}}],
        "folds": {"person": ["profile"]},
    }


def splits() -> dict:
    """Give the splits by folds of persons."""
    folds = [f"person_{fold}" for fold in range(10)]
    parts = {"train": folds[4:], "validation": folds[3:4], "test": folds[:3]}
    return {name: {"samples": ["cohort"], "contigs": contigs} for name, contigs in parts.items()}

"""Molecules with planted toxicity: chlorine is toxic in the first task, a nitrile in the second."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import yaml

from seqmill.applications.application import ExamplesJob
from seqmill.applications.drug_safety.spec import Options
from seqmill.evaluation.dataset import Dataset
from seqmill.genome.intervals import Interval
from seqmill.genome.splits import Splits
from seqmill.profiles.build import INDEX, build_profiles
from seqmill.profiles.plan import load_profiles_plan
from tests.applications.datasets import build_dataset

TASKS = ("chlorine", "nitrile", "same")
GROUPS = ("C", "O", "N", "S", "F", "Cl", "C#N", "C=O")
MOLECULES = 240
MISSING = 0.2


def write(folder: Path) -> Path:
    """Write molecules and plan; give the plan.

    A molecule is a chain of carbons that carry groups drawn at random; its fingerprint counts the groups.
    The first two tasks are as their names say, a fifth of their labels is missing; the third is never toxic.
    """
    rng = np.random.default_rng(11)
    with open(folder / "molecules.tsv", "w") as handle:
        columns = [f"group{number}" for number in range(len(GROUPS))]
        print("name", "smiles", *columns, *TASKS, sep="\t", file=handle)
        for number in range(MOLECULES):
            groups = [GROUPS[one] for one in rng.integers(0, len(GROUPS), rng.integers(1, 5))]
            smiles = "".join(f"C({group})" for group in groups) + "C"
            labels = [int("Cl" in groups), int("C#N" in groups), 0]
            told = ["" if rng.random() < MISSING else label for label in labels]
            print(
                f"m{number:03}", smiles, *(groups.count(one) for one in GROUPS), *told, sep="\t", file=handle
            )
    plan = folder / "profiles.yaml"
    plan.write_text(yaml.safe_dump(content(folder), sort_keys=False))
    return plan


def content(folder: Path) -> dict:
    """Give the plan; nothing in it needs RDKit."""
    path = str(folder / "molecules.tsv")
    counts = {"path": path, "dtype": "uint8", "options": {"columns": "^group"}}
    words = {"path": path, "source": "smiles", "options": {"length": 48, "canonical": False}}
    return {
        "molecules": {"id": "name", "blocks": {"counts": counts, "words": words}},
        "rows": [
            {"sample": "assays", "path": path, "molecule": "name", "labels": {one: one for one in TASKS}}
        ],
        "folds": {"molecule": ["molecule"]},
    }


def job(folder: Path, tasks: tuple[str, ...] = TASKS) -> SimpleNamespace:
    """Make tables and rows; give the index and the job that makes examples of all of them."""
    index = build_profiles(load_profiles_plan(write(folder)), folder / "raw")
    folds = [f"molecule_{fold}" for fold in range(10)]
    splits = {"train": folds[4:], "validation": folds[2:4], "test": folds[:2]}
    made = ExamplesJob(
        sample="assays",
        alignments=folder / "raw" / "assays.rows.parquet",
        reference=folder / "raw" / INDEX,
        intervals=tuple(Interval(name, 0, 1) for name in folds),
        splits=Splits({name: {"samples": ["assays"], "contigs": held} for name, held in splits.items()}),
        options=Options(tasks=tasks),
    )
    return SimpleNamespace(index=index, job=made)


def dataset(folder: Path, made: ExamplesJob) -> Dataset:
    """Make the dataset of the job."""
    return build_dataset(
        folder,
        made,
        condition="assays",
        dataset="assays",
        application="drug_safety",
        options={"tasks": list(made.options.tasks)},
    )

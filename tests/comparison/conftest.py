"""Scored runs made by code: every caller misses and invents planted alleles."""

import math
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from seqmill.applications.scoring import further_metric
from seqmill.comparison.runs import load_callers
from seqmill.evaluation.calibration import calibration_report, fit_temperature
from seqmill.evaluation.curves import curve, precision_recall
from seqmill.evaluation.metrics import write_curves, write_metrics
from seqmill.files import read_json, write_json
from seqmill.shards.manifest import Manifest
from seqmill.shards.schema import Column, Encoding
from seqmill.tracking.run import open_run

COUNTS = tuple(f"{kind}_{level}" for level in ("allele", "genotype", "exact") for kind in ("tp", "fp", "fn"))

CELLS = ("clean.10x.snp", "clean.10x.indel", "noisy.30x.snp")
SPLITS = {
    "train": {"samples": ["ada", "bo"], "contigs": ["c1"]},
    "validation": {"samples": ["dee"], "contigs": ["c2"]},
    "test": {"samples": ["eve"], "contigs": ["c3"]},
}


def scored_items(
    missed: Sequence[int], invented: int, *, cells: Sequence[str] = CELLS, truths: int = 300
) -> pd.DataFrame:
    """Give `truths` alleles in each cell, those numbered in `missed` missed, and `invented` false ones.

    Items carry the same key in every table, so callers are paired; exact match loses one more allele.
    """
    parts = []
    for number, cell in enumerate(cells):
        keys = np.arange(truths + invented, dtype=np.uint64) + np.uint64(10_000 * number)
        is_truth = np.arange(truths + invented) < truths
        hit = is_truth & ~np.isin(np.arange(truths + invented), missed)
        kinds = {"tp": hit, "fp": ~is_truth, "fn": is_truth & ~hit}
        columns = {name: kinds[name[:2]].astype(np.int8) for name in COUNTS}
        depths = np.where(np.arange(truths + invented) % 2, "00-09", "10-19")
        parts.append(pd.DataFrame({"item": keys, "cell": cell, "depth": depths, **columns}))
    return pd.concat(parts, ignore_index=True)


def write_run(
    folder: Path,
    items: pd.DataFrame,
    *,
    experiment: str,
    seed: int | None,
    digest: str,
    trained: bool = True,
    members: Sequence[str] = (),
    sweep: Callable[[np.random.Generator, str], tuple[Any, Any, int]] | None = None,
) -> Path:
    """Write the folder a scored run leaves behind."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng([seed or 0, len(experiment)])
    items.to_parquet(folder / "items.parquet")
    extra = [further_metric("calibration.temperature", 1.4, n=300)] if trained else []
    names = {"run": f"{experiment}/{'-' if seed is None else seed}", "experiment": experiment, "seed": seed}
    write_metrics(
        folder / "metrics.json",
        items,
        **names,
        dataset="demo",
        dataset_digest=digest,
        extra=extra,
        members=members,
        replicates=100,
    )
    entries = []
    for cell in sorted(set(items["cell"])):
        if sweep:
            quality, correct, truths = sweep(rng, cell)
        else:
            quality, correct, truths = rng.integers(0, 99, 400), rng.random(400) < 0.9, 380
        for level in ("allele", "genotype"):
            entries.append(curve(cell, level, threshold=20.0, **precision_recall(quality, correct, truths)))
    calibration = None
    if trained:
        logits = rng.normal(0, 3, (3000, 3))
        wins = logits + rng.gumbel(size=logits.shape)
        calibration = calibration_report(
            logits * 1.6, wins.argmax(axis=1), fit_temperature(logits * 1.6, wins.argmax(axis=1))
        )
        write_json(folder / "train.json", training_record(rng))
        (folder / "config.yaml").write_text(f"experiment: {experiment}\nseed: {seed}\n")
    write_curves(folder / "curves.json", precision_recall=entries, calibration=calibration)
    return folder


def training_record(rng: np.random.Generator, epochs: int = 8) -> dict[str, Any]:
    """Give a train.json whose losses fall and whose best epoch is the last but one."""
    noise = rng.normal(0, 0.004, (epochs, 2))
    history = [
        {
            "epoch": epoch + 1,
            "step": 120 * (epoch + 1),
            "train_loss": 0.05 + 0.4 * math.exp(-0.6 * epoch) + noise[epoch, 0],
            "validation_loss": 0.08 + 0.3 * math.exp(-0.7 * epoch) + noise[epoch, 1],
        }
        for epoch in range(epochs)
    ]
    return {
        "run_id": "0123456789abcdef0123456789abcdef",
        "epochs": epochs,
        "best_epoch": epochs - 1,
        "wall_s": 74.0,
        "examples_per_s": 5230.0,
        "parameters": 48211,
        "history": history,
    }


def read_report(sample: str, depth: int) -> dict[str, Any]:
    """Give a read report with a Poisson depth histogram."""
    bases = [
        round(1e5 * math.exp(d * math.log(depth) - depth - math.lgamma(d + 1))) for d in range(3 * depth)
    ]
    return {
        "sample": sample,
        "reads": 81_000,
        "mapped": 80_120,
        "duplicates": 2_300,
        "mean_depth": float(depth),
        "depth_histogram": bases,
        "insert_size": {"median": 398.0, "mean": 400.2, "sd": 52.1, "histogram": [0, 1, 2]},
        "contig_mismatches": [],
        "contigs": {"c1": {"length": 400_000, "mean_depth": float(depth)}},
        "inputs": [],
    }


@pytest.fixture
def make() -> SimpleNamespace:
    """The builders of this file."""
    return SimpleNamespace(
        items=scored_items, run=write_run, read_report=read_report, cells=CELLS, splits=SPLITS
    )


LABELS = {
    "dataset": "demo",
    "rows": {"train": 48_000, "validation": 6_000, "test": 9_500},
    "classes": {
        "train": {"absent": 30_000, "heterozygous": 12_000, "homozygous": 6_000},
        "validation": {"absent": 3_700, "heterozygous": 1_500, "homozygous": 800},
        "test": {"absent": 6_000, "heterozygous": 2_300, "homozygous": 1_200},
    },
    "counts": {
        "truth_reached": 980,
        "truth_missed.no_candidate": 15,
        "truth_missed.no_reads": 5,
        "ambiguous": 12,
    },
}
PLANTED = {
    ("good", 1): (3, 0),
    ("good", 2): (4, 0),
    ("fair", 1): (12, 2),
    ("fair", 2): (12, 3),
    ("scalars", 1): (3, 0),
    ("caller", None): (30, 20),
}


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset without shards and its scored runs, built once."""
    root = tmp_path_factory.mktemp("study")
    manifest = Manifest(
        path=root / "dataset" / "manifest.json",
        dataset="demo",
        encoding=Encoding(
            application="toy", version=1, options={}, columns=(Column("copies", "int8", label=True),)
        ),
        seed=1,
        splits=SPLITS,
        reference={"path": "reference.fa", "checksum": "c0ffee"},
        inputs={},
        shards=(),
        program_version="0.1.0",
    )
    manifest.save()
    write_json(root / "dataset" / "labels.json", LABELS)
    for (name, seed), (missed, invented) in PLANTED.items():
        write_run(
            root / name / f"seed-{seed}",
            scored_items(range(missed), invented),
            experiment=name,
            seed=seed,
            digest=manifest.digest,
            trained=name != "caller",
        )
    return root


@pytest.fixture
def manifest(written: Path) -> Manifest:
    """The dataset's manifest."""
    return Manifest.load(written / "dataset" / "manifest.json")


@pytest.fixture
def study(written: Path, tmp_path: Path) -> SimpleNamespace:
    """Two experiments with two seeds, a trained baseline and a caller without seed, to change at will.

    good misses 3 or 4 of 300 alleles in each cell; fair misses 12; scalars the same 3 as good's first
    seed; caller misses 30 and invents 20.
    """
    root = Path(shutil.copytree(written, tmp_path / "study"))
    folders = {(name, seed): root / name / f"seed-{seed}" for name, seed in PLANTED}
    return SimpleNamespace(
        manifest=Manifest.load(root / "dataset" / "manifest.json"),
        folders=folders,
        runs=[folder for (name, _), folder in folders.items() if name in ("good", "fair")],
        baselines=[folder for (name, _), folder in folders.items() if name in ("scalars", "caller")],
        labels=read_json(root / "dataset" / "labels.json"),
        read_reports=[read_report("ada", 30), read_report("eve", 25)],
    )


@pytest.fixture
def averaged(study) -> SimpleNamespace:
    """The study with the mean of two sites beside it, whose folders lie elsewhere."""
    folder = study.manifest.path.parent.parent / "federated"
    write_run(
        folder,
        scored_items(range(8), 0),
        experiment="good_federated",
        seed=1,
        digest=study.manifest.digest,
    )
    sites = [{"checkpoint": f"{name}/checkpoint.ckpt", "train_examples": 400} for name in ("north", "south")]
    write_json(folder / "train.json", {"experiment": "good_federated", "seed": 1, "sites": sites})
    return SimpleNamespace(folder=folder, callers=load_callers([*study.runs, folder], study.baselines))


@pytest.fixture
def store(empty_store, tmp_path):
    return f"sqlite:///{shutil.copy(empty_store, tmp_path / 'mlflow.db')}"


@pytest.fixture
def tracked_callers(study, store):
    """The study's callers, the trained ones with a run of their own in the store."""
    callers = load_callers(study.runs, study.baselines)
    for caller in callers:
        for run in caller.runs:
            if run.training:
                with open_run(store, "toys", name=run.name) as tracked:
                    tracked.tags({"mlflow.source.git.commit": "feed" * 10, "host": "node7"})
                    tracked.text("numpy==2.4.6\ntorch==2.9\n", "environment/packages.txt")
                    tracked.metrics({"system/system_memory_usage_megabytes": 1500.0}, 0)
                    tracked.metrics({"system/system_memory_usage_megabytes": 2500.0}, 1)
                    tracked.metrics({"system/gpu_0_memory_usage_megabytes": 4000.0}, 1)
                run.training["run_id"] = tracked.run_id
    return callers

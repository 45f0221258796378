"""Generated people with a trait: one row for each, a network that predicts it, and the sites that hold them.

Half of the features are ``bits`` (0 or 1), half ``levels`` (standard normal). The trait hangs on a sum over
the first tenth of both. Labels are drawn, so that a network that knows the training labels by heart has
learnt what nobody could know.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import torch
import yaml
from torch import nn

from seqmill.applications import application as registry
from seqmill.applications.application import Application, ExamplesJob, LabelReport, Network
from seqmill.applications.jobs import encoding_on, open_reference
from seqmill.applications.profiled.columns import row_columns
from seqmill.applications.profiled.examples import row_batches
from seqmill.applications.profiled.task import Batch, ProfiledTask
from seqmill.applications.scoring import OperatingPoints, ScoreJob, WithoutCalls
from seqmill.evaluation.dataset import Dataset
from seqmill.genome.intervals import Interval
from seqmill.genome.splits import Splits
from seqmill.models.blocks import tower, width_of
from seqmill.models.means import log_mean
from seqmill.profiles.build import INDEX, build_profiles
from seqmill.profiles.plan import load_profiles_plan
from seqmill.shards.collect import collect
from seqmill.shards.order import example_id
from seqmill.shards.parts import PartWriter
from seqmill.shards.schema import Encoding

LABEL = "affected"
FOLDS = 10
SPLITS = {"train": range(5, 10), "validation": range(4, 5), "test": range(4)}


@dataclass(frozen=True, kw_only=True)
class Options:
    """There is nothing to choose."""


@dataclass(frozen=True, kw_only=True)
class PerceptronOptions:
    """Options of the network."""

    hidden: tuple[int, ...] = (64,)
    dropout: float = field(default=0.0, metadata={"at_least": 0, "below": 1})


def encoding(options: Options) -> Encoding:
    """Give the columns: rows of the table, names, and the trait."""
    return Encoding(application="trait", version=1, options={}, columns=row_columns([LABEL]))


def examples(job: ExamplesJob, report: LabelReport) -> Iterator[pa.RecordBatch]:
    """Give the people of the job's folds."""
    return row_batches(job, report, encoding=encoding(job.options), labels=[LABEL])


def perceptron(encoding: Encoding, options: PerceptronOptions) -> nn.Module:
    """Build a perceptron with one output."""
    width = width_of(encoding.tables["profiles"])
    last = (width, *options.hidden)[-1]
    return nn.Sequential(*tower(width, options.hidden, options.dropout), nn.Linear(last, 1))


class TraitTask(ProfiledTask):
    """Cross-entropy of the trait."""

    def forward(self, batch: Batch) -> torch.Tensor:
        """Give logits, float32 (B,)."""
        return self.network(self.input_of("profiles", batch["profile"]))[:, 0]

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        """Give the loss."""
        losses = nn.functional.binary_cross_entropy_with_logits(self(batch), batch[LABEL], reduction="none")
        return (losses * batch["weight"]).sum() / batch["weight"].sum()

    def validation_step(self, batch: Batch, index: int) -> None:
        """Log the loss."""
        log_mean(self, "validation_loss", self.training_step(batch, index), batch["weight"].sum())

    def predict_step(self, batch: Batch, index: int = 0) -> Batch:
        """Give the logit."""
        return {f"predicted_{LABEL}": self(batch)}


def build_task(
    *, network: nn.Module, encoding: Encoding, run: Any, label_counts: Mapping[str, int]
) -> TraitTask:
    """Join network and configuration."""
    return TraitTask(network=network, encoding=encoding, run=run)


class TraitScorer(WithoutCalls):
    """Ranks people by their logit."""

    def __init__(self, job: ScoreJob) -> None:
        self._job = job

    def items(self, points: OperatingPoints) -> pd.DataFrame:
        """Give a row for each person."""
        told = self._job.examples
        return pd.DataFrame(
            {
                "item": told["example_id"],
                "cell": "people",
                f"score_{LABEL}": told[f"predicted_{LABEL}"].astype(np.float64),
                f"label_{LABEL}": told[LABEL].astype(np.float64),
            }
        )


APPLICATION = Application(
    name="trait",
    title="Generated trait",
    options=Options,
    encoding=encoding,
    label="",
    classes=(),
    reads=("rows",),
    networks={
        "perceptron": Network(build="persons:perceptron", options="persons:PerceptronOptions", kind="MLP")
    },
    augmentation="persons:Options",
    examples="persons:examples",
    task="persons:build_task",
    evaluate="persons:TraitScorer",
    predict="",
)


def install() -> None:
    """Make the trait an installed application of this process."""
    found = registry.find_application

    def find(name: str) -> Application:
        return APPLICATION if name == APPLICATION.name else found(name)

    registry.find_application = find


def write_people(
    folder: Path,
    *,
    people: int,
    features: int,
    sites: Sequence[str] = ("all",),
    shift: float = 0.0,
    seed: int = 7,
) -> Path:
    """Draw people and write their tables and the plan; give the plan.

    Parameters
    ----------
    folder : Path
        Where the files go.
    people, features : int
        How many.
    sites : sequence of str
        Samples that the people are dealt to in turn.
    shift : float
        By how much the levels of a site lie above those of the one before.
    seed : int
        Seed of the draws.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 2, (people, features // 2)).astype(np.uint8)
    levels = rng.normal(0, 1, (people, features - features // 2))
    site = np.arange(people) % len(sites)
    told = [2 * bits[:, : max(1, bits.shape[1] // 10)] - 1.0, levels[:, : max(1, levels.shape[1] // 10)]]
    causal = np.hstack(told)
    logit = 2.5 * causal.sum(1) / np.sqrt(causal.shape[1])
    affected = rng.random(people) < 1 / (1 + np.exp(-logit))
    levels += shift * site[:, None]
    names = [f"person{index:05}" for index in range(people)]
    frame = pd.DataFrame({"person": names, "family": [f"family{index // 2}" for index in range(people)]})
    frame = pd.concat(
        [
            frame,
            pd.DataFrame(bits, columns=[f"bit{index}" for index in range(bits.shape[1])]),
            pd.DataFrame(
                levels.astype(np.float32), columns=[f"level{index}" for index in range(levels.shape[1])]
            ),
        ],
        axis=1,
    )
    frame.to_parquet(folder / "people.parquet")
    rows = []
    for index, name in enumerate(sites):
        path = folder / f"{name}.rows.tsv"
        mine = site == index
        pd.DataFrame({"person": np.array(names)[mine], LABEL: affected[mine].astype(int)}).to_csv(
            path, sep="\t", index=False
        )
        rows.append({"sample": name, "path": str(path), "profile": "person", "labels": {LABEL: LABEL}})
    source = {"path": str(folder / "people.parquet")}
    content = {
        "profiles": {
            "id": "person",
            "blocks": {
                "bits": source | {"dtype": "uint8", "options": {"columns": "^bit"}},
                "levels": source | {"options": {"columns": "^level"}},
            },
            "texts": {"family": source | {"column": "family"}},
        },
        "rows": rows,
        "folds": {"person": ["profile"], "family": ["profile.family"]},
        "fold_count": FOLDS,
    }
    plan = folder / "profiles.yaml"
    plan.write_text(yaml.safe_dump(content, sort_keys=False))
    return plan


def build_people(
    folder: Path, plan: Path, *, dataset: str, sites: Sequence[str] = ("all",), kind: str = "person"
) -> Dataset:
    """Build tables and shards of some sites.

    Parameters
    ----------
    folder : Path
        Where they go.
    plan : Path
        The plan of the tables.
    dataset : str
        Name of the dataset.
    sites : sequence of str
        Samples that are in it.
    kind : str
        Kind of the folds.
    """
    raw = folder / "raw"
    build_profiles(load_profiles_plan(plan), raw)
    splits = {
        split: {"samples": list(sites), "contigs": [f"{kind}_{fold}" for fold in folds]}
        for split, folds in SPLITS.items()
    }
    folds = tuple(Interval(f"{kind}_{fold}", 0, 1) for fold in range(FOLDS))
    with open_reference(raw / INDEX) as reference:
        told, checksum, tables = (
            encoding_on(APPLICATION, Options(), reference),
            reference.checksum,
            reference.files,
        )
    part = folder / "part.parquet"
    with PartWriter(part, told, seed=1) as writer:
        for site in sites:
            job = ExamplesJob(
                sample=site,
                alignments=raw / f"{site}.rows.parquet",
                reference=raw / INDEX,
                intervals=folds,
                splits=Splits(splits),
                options=Options(),
            )
            for batch in examples(job, LabelReport()):
                writer.write(batch)
    content = {
        "dataset": dataset,
        "depths": {site: ["full"] for site in sites},
        "reference": str(raw / INDEX),
        "samples": {site: {"condition": site} for site in sites},
        "seed": 1,
        "splits": splits,
        "evaluation": {"replicates": 100},
    }
    (folder / "plan.json").write_text(json.dumps(content))
    manifest = collect(
        [part],
        folder / "dataset",
        dataset=dataset,
        encoding=told,
        splits=splits,
        seed=1,
        inputs={site: [{"name": site, "sha256": str(example_id(site))}] for site in sites},
        reference={"path": str(raw / INDEX), "checksum": checksum},
        tables=tables,
    )
    return Dataset(plan=content, manifest=manifest, application=APPLICATION, plan_file=folder / "plan.json")

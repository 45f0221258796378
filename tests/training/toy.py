"""A toy application whose answer is known: the class of an example is whether its bytes sum to 8 * 255 / 2.

Run as a script, it is the command line with the toy installed.
"""

import importlib
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytorch_lightning as pl
import torch

from seqmill.applications import application as registry
from seqmill.applications.application import Application, Network
from seqmill.models.means import log_mean
from seqmill.models.optim import build_optimizer
from seqmill.shards.collect import collect
from seqmill.shards.manifest import Manifest
from seqmill.shards.order import example_id
from seqmill.shards.parts import PartWriter
from seqmill.shards.schema import Column, Encoding, arrow_schema

MODULE = "toy_application"
WIDTH = 8
SPLITS = {
    "train": {"samples": ["ada"], "contigs": ["c1"]},
    "validation": {"samples": ["bo"], "contigs": ["c2"]},
    "test": {"samples": ["cy"], "contigs": ["c3"]},
}


@dataclass(frozen=True, kw_only=True)
class ToyOptions:
    """Options of the examples."""

    width: int = WIDTH


@dataclass(frozen=True, kw_only=True)
class LinearOptions:
    """Options of the network."""

    hidden: int = field(default=8, metadata={"at_least": 1})
    dropout: float = field(default=0.2, metadata={"at_least": 0, "below": 1})


@dataclass(frozen=True, kw_only=True)
class Noise:
    """Options of the augmentation."""

    scale: float = field(default=0.1, metadata={"at_least": 0})


def toy_encoding(options: ToyOptions) -> Encoding:
    return Encoding(
        application="toy",
        version=1,
        options={"width": options.width},
        columns=(Column("heavy", "int8", label=True), Column("payload", "fixed", size=options.width)),
    )


def toy_network(encoding: Encoding, options: LinearOptions) -> torch.nn.Module:
    return torch.nn.Sequential(
        torch.nn.Linear(encoding.options["width"], options.hidden),
        torch.nn.ReLU(),
        torch.nn.Dropout(options.dropout),
        torch.nn.Linear(options.hidden, 2),
    )


class ToyTask(pl.LightningModule):
    """Learns with dropout and noise, so that every draw of randomness shows in the weights."""

    total_steps = 1

    def __init__(self, *, network, encoding, run, label_counts):
        super().__init__()
        self.network, self.run, self.label_counts = network, run, dict(label_counts)

    def training_step(self, batch, index):
        values = batch["payload"] / 255
        logits = self.network(values + self.run.augmentation.scale * torch.randn_like(values))
        return self.loss(logits, batch)

    def validation_step(self, batch, index):
        logits = self.network(batch["payload"] / 255)
        right = (logits.argmax(1) == batch["heavy"]).float()
        log_mean(self, "validation_loss", self.loss(logits, batch), batch["weight"].sum())
        log_mean(self, "validation_accuracy", right.mean(), right.new_tensor(len(right)))

    def loss(self, logits, batch):
        losses = torch.nn.functional.cross_entropy(logits, batch["heavy"].long(), reduction="none")
        return (losses * batch["weight"]).sum() / batch["weight"].sum()

    def configure_optimizers(self):
        return build_optimizer(self.parameters(), self.run.optimizer, self.total_steps)


APPLICATION = Application(
    name="toy",
    title="Heavy payloads",
    options=ToyOptions,
    encoding=toy_encoding,
    label="heavy",
    classes=("light", "heavy"),
    networks={
        "linear": Network(build=f"{MODULE}:toy_network", options=f"{MODULE}:LinearOptions", kind="MLP")
    },
    augmentation=f"{MODULE}:Noise",
    examples="",
    task=f"{MODULE}:ToyTask",
    evaluate="",
    predict="",
)


def toy_application(name: str) -> Application:
    if name != APPLICATION.name:
        raise registry.InputError(f"application: '{name}' is not installed; choose one of: toy")
    return APPLICATION


def write_dataset(
    folder: Path,
    *,
    train: int = 90,
    validation: int = 40,
    width: int = WIDTH,
    weights=(1.0,),
    encrypted: bool = False,
    context=None,
) -> Manifest:
    """Write a dataset whose payloads are drawn evenly; row groups are small, so that blocks are several."""
    encoding = toy_encoding(ToyOptions(width=width))
    rng = np.random.default_rng(7)
    part = folder / "part.parquet"
    with PartWriter(part, encoding, seed=1, encrypted=encrypted) as writer:
        for split, n in (("train", train), ("validation", validation), ("test", 10)):
            sample, contig = SPLITS[split]["samples"][0], SPLITS[split]["contigs"][0]
            rows = []
            for start in range(n):
                payload = rng.integers(0, 256, width, np.uint8)
                rows.append(
                    {
                        "example_id": example_id(sample, contig, start),
                        "sample": sample,
                        "contig": contig,
                        "start": start,
                        "end": start + 1,
                        "split": split,
                        "weight": weights[start % len(weights)],
                        "heavy": int(payload.sum() > width * 255 / 2),
                        "payload": payload.tobytes(),
                    }
                )
            writer.write(pa.RecordBatch.from_pylist(rows, schema=arrow_schema(encoding)))
    return collect(
        [part],
        folder / "dataset",
        dataset="toys",
        encoding=encoding,
        splits=SPLITS,
        seed=1,
        inputs={sample: [] for sample in ("ada", "bo", "cy")},
        reference={"path": "none", "checksum": "0"},
        rows_per_group=4,
        encrypted=encrypted,
        context=context,
    )


def warm_up() -> None:
    """Install the toy as the only application of this process, and import what a training begins with."""
    sys.modules[MODULE] = sys.modules[__name__]
    registry.find_application = toy_application
    for name in ("cli.main", "cli.train", "training.train", "training.compose", "tracking.store"):
        importlib.import_module(f"seqmill.{name}")


def main() -> None:
    """Run the command line with the toy as the only application."""
    sys.modules[MODULE] = sys.modules["__main__"]
    registry.find_application = toy_application
    from seqmill.cli.main import main as seqmill

    seqmill()


if __name__ == "__main__":
    main()

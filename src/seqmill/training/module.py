"""From a configuration to the application's trainable module."""

from collections import Counter
from collections.abc import Mapping

import pytorch_lightning as pl

from seqmill.applications import application as registry
from seqmill.applications.application import Application, load_object
from seqmill.errors import InputError
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.shards.schema import Encoding
from seqmill.training.config import RunConfig
from seqmill.training.data import TRAIN

_LABELS_AT_ONCE = 65_536


def build_module(run: RunConfig, encoding: Encoding, label_counts: Mapping[str, int]) -> pl.LightningModule:
    """Make the network and the task around it; weights are drawn from torch's generator.

    Parameters
    ----------
    run : RunConfig
        The configuration.
    encoding : Encoding
        Encoding of the examples.
    label_counts : mapping
        Class name -> examples in the training split.
    """
    application = registry.find_application(run.application.name)
    build = load_object(application.network(run.model.name).build)
    network = build(encoding, run.model.options)
    return application.load("task")(network=network, encoding=encoding, run=run, label_counts=label_counts)


def class_counts(application: Application, manifest: Manifest, fraction: float = 1.0) -> dict[str, int]:
    """Count the training examples of each class, by the class's name, in a share of them all."""
    if fraction < 1 and application.classes:
        counts = _counted(manifest, application.label, fraction)
    else:
        counts = manifest.label_counts(TRAIN, application.label)
    return {name: counts.get(value, 0) for value, name in enumerate(application.classes)}


def check_application(run: RunConfig, manifest: Manifest) -> Application:
    """Give the run's application, as it is under the dataset's options.

    Raises
    ------
    InputError
        When the dataset belongs to another application, or its options do not go with the loss of the run.
    """
    if manifest.encoding.application != run.application.name:
        raise InputError(
            f"{manifest.path}: a dataset of {manifest.encoding.application} found, "
            f"one of {run.application.name} wanted; choose the application that fits the dataset"
        )
    application = registry.find_application(run.application.name).under(manifest.encoding.options)
    offered = ("standard", *application.losses)
    if run.trainer.loss not in offered:
        options = ", ".join(f"{name}={value}" for name, value in manifest.encoding.options.items())
        raise InputError(
            f"trainer.loss: found '{run.trainer.loss}', wanted one that {application.name} offers for "
            f"{manifest.path} ({options}): {', '.join(offered)}"
        )
    return application


def _counted(manifest: Manifest, label: str, fraction: float) -> dict[int, int]:
    labels = Loader(
        manifest,
        TRAIN,
        batch_size=_LABELS_AT_ONCE,
        seed=0,
        shuffle=False,
        columns=[label],
        threads=0,
        fraction=fraction,
    )
    counts: Counter[int] = Counter()
    for batch in labels.epoch(0):
        counts.update(batch[label].tolist())
    return counts

"""Self-training: a run that learns from what trained models say of its examples."""

from collections.abc import Callable, Iterator
from typing import Any

import pytorch_lightning as pl
import torch

from seqmill.progress import progress
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.training import checkpoint
from seqmill.training.config import RunConfig
from seqmill.training.data import TRAIN
from seqmill.training.initial import Initial, find_model

_AT_ONCE = 256  # fits the cache of a core


def find_teachers(run: RunConfig, store: str) -> tuple[Initial, ...]:
    """Find the checkpoints that ``augmentation.teachers`` names, where an application has that option.

    Parameters
    ----------
    run : RunConfig
        The configuration.
    store : str
        Address of the tracking store that ``models:/`` is looked up in.

    Raises
    ------
    InputError
        When there is no such file or model.
    """
    return tuple(find_model(name, store) for name in getattr(run.augmentation, "teachers", ()))


def give_teachers(
    module: pl.LightningModule,
    teachers: tuple[Initial, ...],
    manifest: Manifest,
    fraction: float,
    *,
    check: Callable[[], None],
) -> None:
    """Let a module ask its teachers about the training examples, once, in stored order.

    What they say hangs on no batch of the training, so a run that goes on learns from the very same numbers.
    The module's ``take_teachers`` is given the teachers, in evaluation mode on the CPU, and the batches.

    Parameters
    ----------
    module : LightningModule
        The task; nothing is asked of it when there are no teachers.
    teachers : tuple of Initial
        As `find_teachers` gives them.
    manifest : Manifest
        The dataset.
    fraction : float
        Share of the training examples that are learnt from.
    check : callable
        Called before each batch; raises to stop.

    Raises
    ------
    InputError
        When a teacher is no checkpoint of this program, or was trained on another encoding.
    """
    if not teachers:
        return
    loaded = [checkpoint.load(one.path, encoding=manifest.encoding)[0] for one in teachers]
    loader = Loader(manifest, TRAIN, batch_size=_AT_ONCE, seed=0, shuffle=False, threads=0, fraction=fraction)

    def batches() -> Iterator[dict[str, torch.Tensor]]:
        with progress(total=loader.rows, desc="teachers", unit="examples") as bar:
            for batch in loader.epoch(0):
                check()
                yield {name: torch.from_numpy(array) for name, array in batch.items()}
                bar.update(len(batch["example_id"]))

    taker: Any = module
    taker.take_teachers(loaded, batches())

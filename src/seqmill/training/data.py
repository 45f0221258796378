"""The dataset's batches as tensors, able to go on in the middle of an epoch."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import numpy as np
import numpy.typing as npt
import pytorch_lightning as pl
import torch

from seqmill.errors import InputError
from seqmill.shards.ahead import in_order
from seqmill.shards.fraction import Fraction
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.shards.ring import Ring

TRAIN, VALIDATION = "train", "validation"

_PINNED_BATCHES = 4


class Batches:
    """Iterates over one epoch at a time and knows the next batch by two integers.

    On the processor a thread fills the next batches meanwhile.

    Parameters
    ----------
    loader : Loader
        Where batches come from; each iteration gives its next epoch.
    world_size : int
        Ranks that share a batch. A last batch with fewer examples than ranks comes whole to each of them;
        its weights are then divided by `world_size`, so that over all ranks each example counts once.
    ring : Ring, optional
        The arrays that `loader` fills, when a GPU copies them while the processor goes on: each batch is
        held until the GPU has done what was asked of it so far.

    Attributes
    ----------
    waited : float
        Seconds that the receiver has waited for batches.
    """

    def __init__(self, loader: Loader, world_size: int = 1, ring: Ring | None = None) -> None:
        self.waited = 0.0
        self._loader = loader
        self._ring = ring
        self._length = len(loader)
        self._share = 1 / world_size if 0 < loader.rows % loader.batch_size < world_size else 1.0
        self._epoch = 0
        self._batch = 0

    def __len__(self) -> int:
        return self._length

    def prepare(self) -> None:
        """Begin to read what the next iteration gives first."""
        position = self.state_dict()
        self._loader.prepare(position["epoch"], position["batch"])

    def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
        self.load_state_dict(self.state_dict())
        batches = self._loader.epoch(self._epoch, self._batch, onward=True)
        coming = range(self._batch, self._length)
        fillers = 1 if self._ring is None else 0  # a ring hands out one batch at a time
        with closing(in_order(lambda _: next(batches), coming, fillers)) as filled:
            while self._batch < self._length:
                began = time.perf_counter()
                arrays = next(filled)
                self.waited += time.perf_counter() - began
                self._batch += 1
                if self._batch == self._length and self._share < 1:
                    arrays["weight"] = arrays["weight"] * np.float32(self._share)
                yield {name: torch.from_numpy(array) for name, array in arrays.items()}
                if self._ring is not None:
                    copied = torch.cuda.Event()
                    copied.record()
                    self._ring.hold(copied.synchronize)

    def state_dict(self) -> dict[str, int]:
        """Give the next batch to come as ``epoch`` and ``batch``."""
        if self._batch == self._length:
            return {"epoch": self._epoch + 1, "batch": 0}
        return {"epoch": self._epoch, "batch": self._batch}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Go on at the batch that `state_dict` gave."""
        self._epoch, self._batch = state["epoch"], state["batch"]


class ShardData(pl.LightningDataModule):
    """Training and validation batches of a dataset; the position in training is part of every saved state.

    Parameters
    ----------
    manifest : Manifest
        The dataset.
    batch_size : int
        Examples in a batch, over all ranks.
    seed : int
        Seed of the order.
    threads : int
        Threads that read ahead.
    train_fraction : float
        Share of the training examples to give.
    drawn : PoissonBatches, optional
        Training batches in the place of shuffled ones.
    """

    def __init__(
        self,
        manifest: Manifest,
        *,
        batch_size: int,
        seed: int,
        threads: int,
        train_fraction: float = 1.0,
        drawn: Any = None,
    ) -> None:
        super().__init__()
        self._manifest = manifest
        self._fraction = {TRAIN: train_fraction, VALIDATION: 1.0}
        self._settings = {"batch_size": batch_size, "seed": seed, "threads": threads}
        self._drawn = drawn
        self._train: Batches | None = None
        self._position = {"epoch": 0, "batch": 0}

    @property
    def waited(self) -> float:
        """Seconds that training has waited for batches."""
        return self._train.waited if self._train is not None else 0.0

    def train_dataloader(self) -> Batches:
        """Give shuffled training batches, from the restored position on."""
        self._train = self._batches(TRAIN, shuffle=True) if self._drawn is None else self._drawn
        self._train.load_state_dict(self._position)
        self._train.prepare()
        return self._train

    def val_dataloader(self) -> Batches:
        """Give validation batches in stored order."""
        return self._batches(VALIDATION, shuffle=False)

    def state_dict(self) -> dict[str, int]:
        """Give the position in training."""
        return self._train.state_dict() if self._train is not None else self._position

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the position in training."""
        self._position = dict(state_dict)

    def _batches(self, split: str, *, shuffle: bool) -> Batches:
        trainer = self.trainer
        ranks = trainer.world_size if trainer is not None else 1
        rank = trainer.global_rank if trainer is not None else 0
        on_gpu = trainer is not None and trainer.strategy.root_device.type == "cuda"
        ring = Ring(_PINNED_BATCHES, pinned) if on_gpu else None
        settings = dict(self._settings)
        if split == VALIDATION:
            settings["batch_size"] = _divisible(self._manifest.rows(split), settings["batch_size"], ranks)
        loader = Loader(
            self._manifest,
            split,
            shuffle=shuffle,
            rank=rank,
            world_size=ranks,
            ring=ring,
            fraction=self._fraction[split],
            **settings,
        )
        return Batches(loader, ranks, ring)


def pinned(shape: tuple[int, ...], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Make an array in memory that a GPU copies from while the processor goes on."""
    kind = torch.from_numpy(np.empty(0, dtype)).dtype
    return torch.empty(shape, dtype=kind, pin_memory=True).numpy()


def training_rows(manifest: Manifest, fraction: float) -> int:
    """Count the examples of a share of the training split."""
    return int(Fraction(manifest, TRAIN, fraction).rows.sum())


def _divisible(rows: int, batch_size: int, ranks: int) -> int:
    """Give the first size, from `batch_size` up, whose last batch has an example for each rank."""
    if rows < ranks:
        raise InputError(
            f"validation: {rows} examples found, at least one for each of the {ranks} processes wanted; "
            "train with fewer processes"
        )
    while 0 < rows % batch_size < ranks:
        batch_size += 1
    return batch_size

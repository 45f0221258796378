"""Batches of persons drawn at random, each person by itself: what the accountants take for granted.

Source of the method: Poisson sampling, as in Abadi et al. (2016), "Deep learning with differential privacy".
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch

from seqmill.training.private.persons import Columns
from seqmill.training.private.secret import draws

_PURPOSE = 1


class PoissonBatches:
    """Stands in the place of `seqmill.training.data.Batches`; an epoch is as many steps as there.

    In each step each person takes part with the same probability, whatever the others do and whatever
    happened before; sizes of batches differ. Who takes part is a pure function of (key, seed, step), so the
    state is the place in the run. A batch without anybody, which happens with probability ``exp(-size)``, is
    drawn again.

    Parameters
    ----------
    persons : dict
        Column -> values of all persons; see `seqmill.training.private.persons.read_persons`.
    rate : float
        Probability to take part.
    steps : int
        Steps of an epoch.
    seed : int
        Seed of the run.
    key : tuple of int
        See `seqmill.training.private.secret.open_secret`.

    Attributes
    ----------
    waited : float
        0.0: all persons are in memory.
    """

    waited = 0.0

    def __init__(self, persons: Columns, *, rate: float, steps: int, seed: int, key: tuple[int, ...]) -> None:
        self._persons = persons
        self._count = len(persons["weight"])
        self._rate = rate
        self._steps = steps
        self._seed = seed
        self._key = key
        self._epoch = 0
        self._batch = 0

    def __len__(self) -> int:
        return self._steps

    def prepare(self) -> None:
        """Do nothing: there is nothing to read ahead."""

    def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
        self.load_state_dict(self.state_dict())
        while self._batch < self._steps:
            chosen = self.chosen(self._epoch * self._steps + self._batch)
            self._batch += 1
            yield {name: torch.from_numpy(values[chosen]) for name, values in self._persons.items()}

    def chosen(self, step: int) -> npt.NDArray[np.int64]:
        """Give the rows that take part in a step, counted from 0 over the whole run."""
        generator = np.random.Generator(np.random.Philox(draws(self._key, self._seed, _PURPOSE, step)))
        while True:
            chosen = np.flatnonzero(generator.random(self._count) < self._rate)
            if len(chosen):
                return chosen

    def state_dict(self) -> dict[str, int]:
        """Give the next batch to come as ``epoch`` and ``batch``."""
        if self._batch == self._steps:
            return {"epoch": self._epoch + 1, "batch": 0}
        return {"epoch": self._epoch, "batch": self._batch}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Go on at the batch that `state_dict` gave."""
        self._epoch, self._batch = state["epoch"], state["batch"]

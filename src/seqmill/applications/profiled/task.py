"""A task whose examples point into tables."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pytorch_lightning as pl
import torch
from torch import nn

from seqmill.applications.profiled.components import COMPONENTS, asked_of, axes_of, input_layouts
from seqmill.models.blocks import TableInput
from seqmill.models.optim import build_optimizer
from seqmill.profiles.table import Table
from seqmill.shards.schema import Encoding

Batch = dict[str, torch.Tensor]


class ProfiledTask(pl.LightningModule):
    """Looks rows of profiles and molecules up on the device. `total_steps` is set before training.

    Before it is used it is given tables with `take_tables`, and before it is trained also `fit_tables`. The
    tables are no part of the checkpoint; what standardises them, and the axes of components, is.

    Parameters
    ----------
    network : Module
        The network.
    encoding : Encoding
        Encoding of the examples, with the layout of the tables.
    run : RunConfig
        The composed configuration.
    """

    total_steps: int = 1

    def __init__(self, *, network: nn.Module, encoding: Encoding, run: Any) -> None:
        super().__init__()
        self.network = network
        self.run = run
        self.components = asked_of(encoding.options)
        layouts = input_layouts(encoding)
        self.inputs = nn.ModuleDict({name: TableInput(layout) for name, layout in layouts.items()})

    def take_tables(self, tables: Mapping[str, Table]) -> None:
        """Take the tables that the examples point into, of the layout that the encoding tells."""
        for name, table in tables.items():
            self._input(name).hold(
                {block: held.values for block, held in table.blocks.items()},
                {block: held.mask for block, held in table.blocks.items()},
            )

    def fit_tables(self, examples: Mapping[str, npt.NDArray[Any]]) -> None:
        """Fit what standardises the tables, and components, to the rows that the training examples point at.

        Parameters
        ----------
        examples : mapping
            Column -> values of all training examples, without strings.

        Raises
        ------
        InputError
            When there are fewer people or common sites than components.
        """
        for name in self.inputs:
            rows = examples[name.removesuffix("s")]
            inputs, rows = self._input(name), rows[rows >= 0]
            if self.components is not None and name == "profiles":
                dosages = inputs.held(self.components.block, rows)
                inputs.project(COMPONENTS, axes_of(self.components, *dosages))
            inputs.fit(rows)

    def looked_up(
        self, name: str, rows: torch.Tensor, dropped: float = 0.0
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Look rows of a table up, each distinct one once.

        Parameters
        ----------
        name : str
            ``profiles`` or ``molecules``.
        rows : Tensor, int, shape (B,)
            The row of each example.
        dropped : float
            Share of whole blocks that are drawn to be missing while the task is trained.

        Returns
        -------
        inputs : Tensor, float32, shape (n, width)
            Of the distinct rows.
        which : Tensor, int64, shape (B,)
            The one of each example.
        """
        distinct, which = torch.unique(rows.long(), return_inverse=True)
        return self.input_of(name, distinct, dropped), which

    def input_of(self, name: str, rows: torch.Tensor, dropped: float = 0.0) -> torch.Tensor:
        """Give the inputs of rows of a table, [B, width], one for each example; otherwise as `looked_up`."""
        return self._input(name)(rows.long(), dropped if self.training else 0.0)

    def configure_optimizers(self) -> Any:
        """Give the optimiser and its schedule."""
        return build_optimizer(self.parameters(), self.run.optimizer, self.total_steps)

    def _input(self, name: str) -> TableInput:
        found = self.inputs[name]
        assert isinstance(found, TableInput)
        return found


class StandardisedTask(ProfiledTask):
    """A `ProfiledTask` whose label is a number, learnt in units of the spread of its training values.

    Attributes
    ----------
    level, spread : Tensor, float32, shape ()
        Mean and standard deviation of the training labels, part of the state; 0 and 1 until they are fitted.
    """

    level: torch.Tensor
    spread: torch.Tensor

    def __init__(self, *, network: nn.Module, encoding: Encoding, run: Any) -> None:
        super().__init__(network=network, encoding=encoding, run=run)
        self.register_buffer("level", torch.zeros(()))
        self.register_buffer("spread", torch.ones(()))

    def fit_label(self, values: npt.NDArray[np.floating]) -> None:
        """Fit level and spread to labels, float [n], nan where missing; see `level_and_spread`."""
        level, spread = level_and_spread(values)
        self.level.fill_(level)
        self.spread.fill_(spread)

    def standardised(self, values: torch.Tensor) -> torch.Tensor:
        """Give labels of any shape less their level, in units of their spread."""
        return (values - self.level) / self.spread

    def restored(self, outputs: torch.Tensor) -> torch.Tensor:
        """Give labels in their own unit of standardised ones, of any shape."""
        return outputs * self.spread + self.level


def level_and_spread(values: npt.NDArray[np.floating]) -> tuple[float, float]:
    """Give mean and standard deviation of the labels that are there; the spread of a constant is 1."""
    there = values[~np.isnan(values)].astype(np.float64)
    spread = float(there.std())
    return float(there.mean()), spread if spread > 0 else 1.0

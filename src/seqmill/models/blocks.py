"""Blocks of features as the input of a network: looked up, standardised, masked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from seqmill.errors import InputError
from seqmill.models.projection import Projection

MOST = 10.0
"""Standard deviations at which a standardised value is cut off."""

_PLAIN = "uint8"
_TOKENS = "tokens"
_OF = "of"

Mask = npt.NDArray[np.bool_]
Layout = Mapping[str, Mapping[str, Any]]


class Moments(NamedTuple):
    """Values of a block that are there: how many in how many rows, their means and variances, float64 [F]."""

    rows: int
    count: torch.Tensor
    mean: torch.Tensor
    variance: torch.Tensor


def width_of(layout: Layout) -> int:
    """Give the inputs of all blocks: value and mask of each feature, and one input for the block.

    Bits and counts (``uint8``) are always there, and have the value alone. Tokens do not count: they stand
    behind all others, where `Quantities` cuts them off and `Words` finds them.
    """
    return sum(_width(block) for block in layout.values() if _TOKENS not in block)


def _width(block: Mapping[str, Any]) -> int:
    return block["size"] if block["dtype"] == _PLAIN else 2 * block["size"] + 1


def _ordered(layout: Layout) -> dict[str, dict[str, Any]]:
    """Give the blocks by their names, and those of tokens behind all others."""
    names = sorted(layout, key=lambda name: (_TOKENS in layout[name], name))
    return {name: dict(layout[name]) for name in names}


class TableInput(nn.Module):
    """Rows of a table as the input of a network.

    The table is held as it is and stays out of the state; what it is standardised by belongs to the state.
    The inputs of a block are:

    - the values, standardised; a missing one is 0, which is the mean;
    - whether each is there, less the share of rows that it was fitted to in which it is; 0 throughout where
      that is all of them or none, since nothing can be learnt of it;
    - -1 where the whole block is missing, else 0.

    Of bits and counts there are the values alone, as they are. Tokens stand behind all others. A block ``of``
    another one is no part of the table: it is the `Projection` of the other's dosages, and is missing where
    they are.

    Parameters
    ----------
    layout : mapping
        Block -> ``size`` and ``dtype``, and ``of`` of a projection; inputs are in the order of the names.
    """

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self.layout = _ordered(layout)
        self.projections = nn.ModuleDict(
            {
                name: Projection(layout[facts[_OF]]["size"], facts["size"])
                for name, facts in self.layout.items()
                if _OF in facts
            }
        )
        for name, facts in self.layout.items():
            if facts["dtype"] != _PLAIN:
                self.register_buffer(f"mean_{name}", torch.zeros(facts["size"]))
                self.register_buffer(f"spread_{name}", torch.ones(facts["size"]))
                self.register_buffer(f"share_{name}", torch.ones(facts["size"]))

    def places(self) -> dict[str, slice]:
        """Give for each block the places of its values among the inputs."""
        found, at = {}, 0
        for name, facts in self.layout.items():
            found[name] = slice(at, at + facts["size"])
            at += width_of({name: facts})
        return found

    def hold(self, values: Mapping[str, npt.NDArray[Any]], masks: Mapping[str, Mask]) -> None:
        """Take the table: block -> values and whether they are there, both [n, size]."""
        device = next(self.buffers(), torch.empty(0)).device
        for name, facts in self.layout.items():
            if _OF in facts:
                continue
            self.register_buffer(f"values_{name}", _tensor(values[name], device), persistent=False)
            if facts["dtype"] != _PLAIN:
                self.register_buffer(f"mask_{name}", _tensor(masks[name], device), persistent=False)

    def held(self, name: str, rows: npt.NDArray[np.integer]) -> tuple[npt.NDArray[Any], Mask]:
        """Give values and mask of a block in the distinct ones of some rows of the table, both [n, size]."""
        chosen = torch.as_tensor(np.unique(rows))
        values, mask = (self.get_buffer(f"{kind}_{name}")[chosen].numpy() for kind in ("values", "mask"))
        return values, mask

    def project(self, name: str, axes: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]) -> None:
        """Let a block be the projection onto axes; see `Projection.take`."""
        projection = self.projections[name]
        assert isinstance(projection, Projection)
        projection.take(*axes)

    def fit(self, rows: npt.NDArray[np.integer]) -> None:
        """Fit means and spreads of the values that are there, and their shares, to some rows of the table.

        A feature that does not vary, or is never there, has the spread 1.
        """
        for name, found in self.moments(rows).items():
            spread = torch.where(found.variance > 0, found.variance.sqrt(), 1.0)
            self.get_buffer(f"mean_{name}").copy_(found.mean)
            self.get_buffer(f"spread_{name}").copy_(spread)
            self.get_buffer(f"share_{name}").copy_(found.count / found.rows)

    def moments(self, rows: npt.NDArray[np.integer]) -> dict[str, Moments]:
        """Give for each block that is standardised what is known of its values in some rows of the table."""
        chosen = torch.as_tensor(np.unique(rows))
        told = {}
        for name, facts in self.layout.items():
            if facts["dtype"] == _PLAIN:
                continue
            found, there = self._looked_up(name, chosen)
            mask = there.double()
            values = found.double() * mask
            count = mask.sum(0)
            mean = values.sum(0) / count.clamp(min=1)
            variance = (((values - mean) * mask) ** 2).sum(0) / count.clamp(min=1)
            told[name] = Moments(len(chosen), count, mean, variance)
        return told

    def forward(self, rows: torch.Tensor, dropped: float = 0.0) -> torch.Tensor:
        """Give the inputs of rows, float32 [B, width].

        Parameters
        ----------
        rows : Tensor, int, shape (B,)
            Rows of the table.
        dropped : float
            Share of whole blocks that are drawn to be missing; a row that would lose all of them loses none.
            A projection goes with the block that it is of.
        """
        drawn = [name for name, facts in self.layout.items() if _OF not in facts]
        kept = torch.rand(len(rows), len(drawn), device=rows.device) >= dropped
        kept |= ~kept.any(1, keepdim=True)
        parts: list[torch.Tensor] = []
        for name, facts in self.layout.items():
            there = kept[:, drawn.index(facts.get(_OF, name)), None]
            if facts["dtype"] == _PLAIN:
                parts.append(self.get_buffer(f"values_{name}")[rows].float() * there)
                continue
            values, known = self._looked_up(name, rows)
            mask = known & there
            scaled = (values.float() - self.get_buffer(f"mean_{name}")) / self.get_buffer(f"spread_{name}")
            share = self.get_buffer(f"share_{name}")
            varies = (share > 0) & (share < 1)
            parts.append(scaled.clamp(-MOST, MOST).masked_fill(~mask, 0.0))
            parts.append((mask.float() - share) * varies)
            parts.append(mask.any(1, keepdim=True).float() - 1)
        return torch.cat(parts, 1)

    def _looked_up(self, name: str, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Give values and mask of a block that is standardised, both [B, size]."""
        of = self.layout[name].get(_OF, name)
        values, mask = (self.get_buffer(f"{kind}_{of}")[rows] for kind in ("values", "mask"))
        return self.projections[name](values, mask) if of != name else (values, mask)

    def owners(self) -> list[tuple[str, int]]:
        """Give for each input its block and its feature; -1 for the one that tells of the whole block."""
        found = []
        for name, facts in self.layout.items():
            own = [(name, feature) for feature in range(facts["size"])]
            found += own if facts["dtype"] == _PLAIN else [*own, *own, (name, -1)]
        return found


def _tensor(values: npt.NDArray[Any], device: torch.device) -> torch.Tensor:
    return torch.from_numpy(np.array(values)).to(device)


def tower(width: int, hidden: Iterable[int], dropout: float) -> nn.Sequential:
    """Build a perceptron of layers with normalisation (Ba et al. 2016), GELU and dropout."""
    layers: list[nn.Module] = []
    for units in hidden:
        layers += [nn.Linear(width, units), nn.LayerNorm(units), nn.GELU(), nn.Dropout(dropout)]
        width = units
    return nn.Sequential(*layers)


def perceptron(width: int, hidden: Sequence[int], outputs: int, *, dropout: float) -> nn.Sequential:
    """Build a `tower` and the linear layer behind it, (B, width) to (B, outputs)."""
    return nn.Sequential(*tower(width, hidden, dropout), nn.Linear((width, *hidden)[-1], outputs))


class Quantities(nn.Module):
    """What a perceptron reads of a table's inputs: all but tokens.

    Parameters
    ----------
    layout : mapping
        As `TableInput` has it.
    """

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self.outputs = width_of(layout)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Give inputs (B, `outputs`) of all inputs."""
        return inputs[:, : self.outputs]


class Words(nn.Module):
    """What a reader of tokens gives of a table's inputs.

    Parameters
    ----------
    layout : mapping
        As `TableInput` has it.
    reader : Module
        Tokens, int64 (B, size) -> codes (B, ``reader.outputs``).

    Raises
    ------
    InputError
        When the table has no block of tokens, or several.
    """

    def __init__(self, layout: Layout, reader: nn.Module) -> None:
        super().__init__()
        block_of_tokens(layout)
        self.first, self.reader = width_of(layout), reader
        self.outputs: int = reader.outputs

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Give codes (B, `outputs`)."""
        return self.reader(inputs[:, self.first :].long())


def block_of_tokens(layout: Layout) -> Mapping[str, Any]:
    """Give the facts of the one block of tokens.

    Raises
    ------
    InputError
        When there is none, or several.
    """
    found = [name for name, facts in layout.items() if _TOKENS in facts]
    if len(found) != 1:
        raise InputError(
            f"molecules: found {len(found)} blocks of tokens, want one; give the plan of profiles a block "
            "with 'source: smiles'"
        )
    return layout[found[0]]

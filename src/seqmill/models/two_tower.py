"""Two towers, one for each side of a pair, and a head over both."""

from dataclasses import dataclass, field

import torch
from torch import nn

from seqmill.models.blocks import perceptron, tower


@dataclass(frozen=True, kw_only=True)
class TwoTowerOptions:
    """Options of two towers.

    Attributes
    ----------
    left, right : tuple of int
        Units of the layers of each tower; the last ones are equal.
    head : tuple of int
        Units of the layers over both.
    dropout : float
        Share of units left out in towers and head.
    input_dropout : float
        Share of inputs left out.
    """

    left: tuple[int, ...] = (256, 128)
    right: tuple[int, ...] = (256, 128)
    head: tuple[int, ...] = (128,)
    dropout: float = field(default=0.1, metadata={"at_least": 0, "below": 1})
    input_dropout: float = field(default=0.0, metadata={"at_least": 0, "below": 1})

    def __post_init__(self) -> None:
        if not self.left or not self.right or self.left[-1] != self.right[-1]:
            raise ValueError(
                f"left, right: found {list(self.left)} and {list(self.right)}, want layers whose last have "
                "as many units"
            )


class TwoTowers(nn.Module):
    """Two towers that meet in a head, which sees both codes and their product.

    The towers see each distinct row of a batch once, and pairs are made of their codes.

    Parameters
    ----------
    options : TwoTowerOptions
        Sizes.
    left, right : int or Module
        Inputs of the towers, or what reads the inputs before the tower, to ``outputs`` numbers.
    outputs : int
        Outputs.
    """

    def __init__(
        self,
        options: TwoTowerOptions,
        *,
        left: int | nn.Module,
        right: int | nn.Module,
        outputs: int = 1,
    ) -> None:
        super().__init__()
        self.left = _side(left, options.left, options)
        self.right = _side(right, options.right, options)
        self.head = perceptron(3 * options.left[-1], options.head, outputs, dropout=options.dropout)

    def forward(
        self, left: torch.Tensor, right: torch.Tensor, of_left: torch.Tensor, of_right: torch.Tensor
    ) -> torch.Tensor:
        """Give the outputs of pairs, (B, outputs).

        Parameters
        ----------
        left, right : Tensor, float32, shape (n, left) and (m, right)
            Distinct rows of each side.
        of_left, of_right : Tensor, int64, shape (B,)
            Which of them make each pair.
        """
        first, second = self.left(left)[of_left], self.right(right)[of_right]
        return self.head(torch.cat([first, second, first * second], 1))


def _side(inputs: int | nn.Module, hidden: tuple[int, ...], options: TwoTowerOptions) -> nn.Sequential:
    reader = [] if isinstance(inputs, int) else [inputs]
    width: int = inputs if isinstance(inputs, int) else inputs.outputs
    return nn.Sequential(*reader, nn.Dropout(options.input_dropout), *tower(width, hidden, options.dropout))

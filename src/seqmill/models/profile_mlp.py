"""A perceptron over the blocks of a profile, with a linear path beside it."""

from dataclasses import dataclass, field

import torch
from torch import nn

from seqmill.models.blocks import tower


@dataclass(frozen=True, kw_only=True)
class ProfileMLPOptions:
    """Options of a perceptron over profiles.

    Attributes
    ----------
    hidden : tuple of int
        Units of the layers; none leaves the linear path alone.
    dropout : float
        Share of units left out.
    input_dropout : float
        Share of inputs left out of the layers; the linear path keeps all.
    linear : bool
        Whether a linear model of the inputs is added to what the layers give (Cheng et al. 2016, "Wide & deep
        learning for recommender systems"), for outcomes to which most features add up.
    """

    hidden: tuple[int, ...] = (64, 32)
    dropout: float = field(default=0.2, metadata={"at_least": 0, "below": 1})
    input_dropout: float = field(default=0.0, metadata={"at_least": 0, "below": 1})
    linear: bool = True

    def __post_init__(self) -> None:
        if not (self.hidden or self.linear):
            raise ValueError("hidden, linear: found no layer and no linear path, want at least one")


class ProfileMLP(nn.Module):
    """Layers and a linear path whose outputs are added. All begins at 0.

    Parameters
    ----------
    options : ProfileMLPOptions
        Sizes.
    width : int
        Inputs; see `seqmill.models.blocks.TableInput`.
    outputs : int
        Outputs.
    """

    def __init__(self, options: ProfileMLPOptions, *, width: int, outputs: int = 1) -> None:
        super().__init__()
        self.layers: nn.Module | None = None
        self.linear: nn.Linear | None = None
        if options.hidden:
            last = nn.Linear(options.hidden[-1], outputs)
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)
            self.layers = nn.Sequential(
                nn.Dropout(options.input_dropout), *tower(width, options.hidden, options.dropout), last
            )
        if options.linear:
            self.linear = nn.Linear(width, outputs)
            nn.init.zeros_(self.linear.weight)
            nn.init.zeros_(self.linear.bias)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Give (B, outputs) of inputs, float32 (B, width)."""
        parts = [part(inputs) for part in (self.layers, self.linear) if part is not None]
        return parts[0] if len(parts) == 1 else parts[0] + parts[1]

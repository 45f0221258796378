"""A training step of the dilated trunk on one core beside the same layers as torch has them.

Both have the same weights and compute in bf16 where the processor does. The peer convolves channels first,
finds the strongest response with a pooling layer and draws dropout value by value.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

from collections.abc import Callable

import torch
from harness import Case, Claim, claim, main, measure
from torch import nn

from seqmill.models.dilated import DilatedTrunk
from seqmill.models.half import has_bf16
from seqmill.models.sequence import one_hot

GOAL = 1.3
DROPOUT = 0.1
SHAPES = {
    "atac_cnn": {"channels": 96, "stem": 15, "pool": 5, "dilations": (1, 2, 4, 9, 18, 27)},
    "atac_deep": {"channels": 96, "stem": 15, "pool": 5, "dilations": (1, 2, 4, 8, 16, 32, 64, 128)},
}


class Residual(nn.Module):
    """A residual block of torch's layers."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.cut = dilation
        self.body = nn.Sequential(
            nn.BatchNorm1d(channels),
            nn.ReLU(),
            nn.Conv1d(channels, channels, 3, dilation=dilation),
            nn.BatchNorm1d(channels),
            nn.ReLU(),
            nn.Dropout(DROPOUT),
            nn.Conv1d(channels, channels, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give (B, channels, T - 2 * dilation) of (B, channels, T)."""
        return x[..., self.cut : -self.cut] + self.body(x)


class Plain(nn.Module):
    """The trunk of torch's layers; its state is that of ours."""

    def __init__(self, *, channels: int, stem: int, pool: int, dilations: tuple[int, ...]) -> None:
        super().__init__()
        self.stem = nn.Conv1d(4, channels, stem)
        self.body = nn.Sequential(
            nn.MaxPool1d(pool),
            nn.BatchNorm1d(channels),
            nn.ReLU(),
            nn.Conv1d(channels, channels, 3),
            *(Residual(channels, dilation) for dilation in dilations),
            nn.BatchNorm1d(channels),
            nn.ReLU(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give (B, channels, bins) of one-hot DNA."""
        return self.body(self.stem(x))


def both_forms(name: str) -> tuple[DilatedTrunk, Plain]:
    """Give our trunk of a shape and the plain one, of the same weights."""
    torch.manual_seed(1)
    ours, plain = DilatedTrunk(**SHAPES[name], dropout=DROPOUT), Plain(**SHAPES[name])
    plain.load_state_dict(ours.state_dict())
    return ours, plain


def stretches(trunk: DilatedTrunk, *, rows: int, bases: int) -> torch.Tensor:
    """Give random one-hot DNA whose output stands for so many bases."""
    return one_hot(torch.randint(0, 4, (rows, bases + 2 * trunk.margin), dtype=torch.uint8))


def _stepper(trunk: nn.Module, x: torch.Tensor, *, bf16: bool) -> Callable[[], None]:
    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16, cache_enabled=False):
            hidden = trunk(x)
        hidden.float().square().mean().backward()

    return step


def claims(*, quick: bool) -> list[Claim]:
    """Measure forward and backward pass of both forms."""
    torch.set_num_threads(1)
    bf16 = has_bf16("cpu")
    made = []
    for name in SHAPES:
        ours, plain = both_forms(name)
        x = stretches(ours, rows=2 if quick else 16, bases=3000)
        cases = [Case("ours", _stepper(ours, x, bf16=bf16)), Case("plain", _stepper(plain, x, bf16=bf16))]
        best = measure(cases, rounds=1 if quick else 7)
        made.append(
            claim(
                f"trunk_{name}",
                f"Training step of the trunk of {name}",
                ours=len(x) / best["ours"],
                peer=len(x) / best["plain"],
                peer_name="torch's layers, same precision",
                goal=GOAL,
                unit="stretches/s",
                note="" if bf16 else "no bf16 in this processor: fp32 on both sides",
            )
        )
    return made


if __name__ == "__main__":
    main(claims)

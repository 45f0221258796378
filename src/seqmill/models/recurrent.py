"""A recurrent network over windows of a longer stretch, each read for itself."""

from typing import Literal

import torch
from torch import nn

Cell = Literal["gru", "lstm"]
"""Kind of a recurrent network: gated units, or long short-term memory."""

_CELLS = {"gru": nn.GRU, "lstm": nn.LSTM}


def bidirectional(channels: int, units: int, cell: Cell) -> nn.GRU | nn.LSTM:
    """Build a recurrent network of so many units in each direction: (B, T, channels) -> (B, T, 2 * units)."""
    return _CELLS[cell](channels, units, batch_first=True, bidirectional=True)


class WindowRNN(nn.Module):
    """A bidirectional recurrent network that reads each window with its surroundings, from a fresh state.

    A state carried along a whole stretch would make what is said of a window depend on where the stretch
    begins; read for itself, a window of a long stretch gives what it gives alone.

    Parameters
    ----------
    channels, hidden : int
        Channels that come in; units of each direction.
    window, stride : int
        Steps of a window, and from one window to the next.
    context : int
        Steps read before and behind a window.
    cell : str
        Kind of the network.
    """

    def __init__(
        self, channels: int, hidden: int, *, window: int, stride: int, context: int, cell: Cell = "gru"
    ) -> None:
        super().__init__()
        self.window, self.stride, self.context = window, stride, context
        self.rnn = bidirectional(channels, hidden, cell)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give the mean state over each window.

        Parameters
        ----------
        x : Tensor, shape (B, channels, T)
            Steps, with `context` more before the first window and behind the last.

        Returns
        -------
        Tensor, shape (B, 2 * hidden, windows)
        """
        views = x.unfold(2, self.window + 2 * self.context, self.stride)
        rows, channels, windows, steps = views.shape
        states, _ = self.rnn(views.permute(0, 2, 3, 1).reshape(rows * windows, steps, channels))
        mean = states[:, self.context : self.context + self.window].mean(1)
        return mean.view(rows, windows, -1).transpose(1, 2)

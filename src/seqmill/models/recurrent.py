"""A recurrent network over windows of a longer stretch, each read for itself."""

import torch
from torch import nn


class WindowGRU(nn.Module):
    """A bidirectional GRU that reads each window with its surroundings, from a fresh state.

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
    """

    def __init__(self, channels: int, hidden: int, *, window: int, stride: int, context: int) -> None:
        super().__init__()
        self.window, self.stride, self.context = window, stride, context
        self.gru = nn.GRU(channels, hidden, batch_first=True, bidirectional=True)

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
        states, _ = self.gru(views.permute(0, 2, 3, 1).reshape(rows * windows, steps, channels))
        mean = states[:, self.context : self.context + self.window].mean(1)
        return mean.view(rows, windows, -1).transpose(1, 2)

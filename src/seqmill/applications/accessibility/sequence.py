"""A trained model as a plain function of DNA, for interpretation and variants."""

import torch
from torch import nn
from torch.nn import functional as F

from seqmill.applications.accessibility.task import EndsTask
from seqmill.models.sequence import middle_of
from seqmill.models.strands import both_strands


class WindowCount(nn.Module):
    """Log1p of the ends expected in the window in the middle of a sequence, both strands averaged.

    Each track of the model is an output.

    Attributes
    ----------
    length : int
        Bases that the prediction depends on; longer sequences are cut to their middle.
    outputs : tuple of str
        The tracks, or ``log_count`` where there are none.
    logarithmic : bool
        A difference of outputs is the fold change of ends + 1.
    """

    logarithmic = True

    def __init__(self, task: EndsTask) -> None:
        super().__init__()
        self.network = task.network.eval()
        self.outputs = task.options.tracks or ("log_count",)
        self.length = task.options.window + 2 * task.network.margin

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Predict.

        Parameters
        ----------
        x : Tensor, float32, shape (N, 4, L)
            One-hot DNA in the order A, C, G, T, or any weights; L at least `length`.

        Returns
        -------
        Tensor, float32, shape (N, outputs)

        Raises
        ------
        ValueError
            When the sequences are too short.
        """
        _, log_expected = both_strands(self.network, middle_of(x, self.length))
        return F.softplus(log_expected.squeeze(2))


def sequence_function(task: EndsTask) -> WindowCount:
    """Give the trained model as a function of DNA."""
    return WindowCount(task)

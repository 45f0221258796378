"""A trained model as a plain function of DNA, for interpretation and variants."""

import torch
from torch import nn

from seqmill.applications.tf_binding.task import BindingTask
from seqmill.models.sequence import middle_of
from seqmill.models.strands import mean_of_strands


class FactorLogits(nn.Module):
    """Log-odds that each factor binds in the middle of a sequence, both strands averaged.

    Attributes
    ----------
    length : int
        Bases of a window; longer sequences are cut to their middle.
    outputs : tuple of str
        The factors.
    both_strands : bool
        A window and its other strand mean the same.
    """

    both_strands = True

    def __init__(self, task: BindingTask) -> None:
        super().__init__()
        self.network = task.network.eval()
        self.length = task.options.window
        self.outputs = task.options.factors

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Predict.

        Parameters
        ----------
        x : Tensor, float32, shape (N, 4, L)
            One-hot DNA in the order A, C, G, T, or any weights; L at least `length`.

        Returns
        -------
        Tensor, float32, shape (N, factors)

        Raises
        ------
        ValueError
            When the sequences are too short.
        """
        return mean_of_strands(self.network, middle_of(x, self.length))


def sequence_function(task: BindingTask) -> FactorLogits:
    """Give the trained model as a function of DNA."""
    return FactorLogits(task)

"""A trained model as a plain function of DNA, for interpretation and variants."""

import torch
from torch import nn

from seqmill.applications.expression.task import LevelTask
from seqmill.models.sequence import middle_of


class PromoterLevel(nn.Module):
    """The level of the promoter in the middle of a sequence, which is read as it lies.

    Attributes
    ----------
    length : int
        Bases that the prediction depends on; longer sequences are cut to their middle.
    outputs : tuple of str
        Names of the outputs.
    both_strands : bool
        False: the other strand is another promoter.
    """

    outputs = ("level",)
    both_strands = False

    def __init__(self, task: LevelTask) -> None:
        super().__init__()
        self.network = task.network.eval()
        self.length = task.network.length

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Predict.

        Parameters
        ----------
        x : Tensor, float32, shape (N, 4, L)
            One-hot DNA in the order A, C, G, T, or any weights; L at least `length`.

        Returns
        -------
        Tensor, float32, shape (N, 1)

        Raises
        ------
        ValueError
            When the sequences are too short.
        """
        return self.network(middle_of(x, self.length))


def sequence_function(task: LevelTask) -> PromoterLevel:
    """Give the trained model as a function of DNA."""
    return PromoterLevel(task)

"""A trained model as a plain function of DNA, for interpretation and variants."""

import torch
from torch import nn

from seqmill.applications.methylation.task import LevelTask
from seqmill.models.sequence import middle_of


class SiteLogOdds(nn.Module):
    """Log-odds of each mark on the base in the middle of a sequence, on the strand as given.

    Attributes
    ----------
    length : int
        Bases of a window; longer sequences are cut to their middle.
    outputs : tuple of str
        The marks.
    both_strands : bool
        A site belongs to a strand, so the other one says something else.
    """

    both_strands = False

    def __init__(self, task: LevelTask) -> None:
        super().__init__()
        self.network = task.network.eval()
        self.length = task.options.window
        self.outputs = task.options.marks

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Predict.

        Parameters
        ----------
        x : Tensor, float32, shape (N, 4, L)
            One-hot DNA in the order A, C, G, T, or any weights; L at least `length`.

        Returns
        -------
        Tensor, float32, shape (N, marks)

        Raises
        ------
        ValueError
            When the sequences are too short.
        """
        return self.network(middle_of(x, self.length)).float()


def sequence_function(task: LevelTask) -> SiteLogOdds:
    """Give the trained model as a function of DNA."""
    return SiteLogOdds(task)

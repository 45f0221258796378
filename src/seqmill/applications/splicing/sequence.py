"""A trained model as a plain function of DNA, for interpretation and variants."""

import torch
from torch import nn

from seqmill.applications.splicing.labels import ACCEPTOR, DONOR
from seqmill.applications.splicing.task import SiteTask
from seqmill.models.sequence import middle_of, reverse_complement


class SiteProbability(nn.Module):
    """Probabilities that bases are splice sites of a gene on the forward or on the reverse strand.

    Attributes
    ----------
    length : int
        Bases that the prediction for a base depends on, the base in their middle.
    outputs : tuple of str
        Names of the outputs.
    both_strands : bool
        Splicing has a direction: the reverse complement of a window has the outputs of the strands exchanged.
    """

    outputs = ("donor_forward", "acceptor_forward", "donor_reverse", "acceptor_reverse")
    both_strands = False

    def __init__(self, task: SiteTask) -> None:
        super().__init__()
        self.network = task.network.eval()
        self.length = 2 * task.network.margin + 1

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Predict the base in the middle.

        Parameters
        ----------
        x : Tensor, float32, shape (N, 4, L)
            One-hot DNA in the order A, C, G, T, or any weights; L at least `length`.

        Returns
        -------
        Tensor, float32, shape (N, 4)

        Raises
        ------
        ValueError
            When the sequences are too short.
        """
        return self.along(middle_of(x, self.length))[..., 0]

    def along(self, x: torch.Tensor) -> torch.Tensor:
        """Predict each base that has half of `length` on either side.

        Returns
        -------
        Tensor, float32, shape (N, 4, L - length + 1)
            Of one-hot DNA (N, 4, L).
        """
        forward = self.network(x).softmax(1)
        reverse = self.network(reverse_complement(x)).softmax(1).flip(2)
        sites = (DONOR, ACCEPTOR)
        return torch.cat([forward[:, sites], reverse[:, sites]], dim=1)


def sequence_function(task: SiteTask) -> SiteProbability:
    """Give the trained model as a function of DNA."""
    return SiteProbability(task)

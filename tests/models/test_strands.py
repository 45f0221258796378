"""Both strands averaged."""

import torch

from seqmill.models.sequence import reverse_complement
from seqmill.models.strands import both_strands


def test_the_prediction_of_the_other_strand_is_the_prediction_turned():
    torch.manual_seed(2)
    layer = torch.nn.Conv1d(4, 1, 5)

    def network(x):
        y = layer(x).squeeze(1)
        return y, y[:, ::2]

    x = torch.rand(3, 4, 25)
    for there, back in zip(
        both_strands(network, x), both_strands(network, reverse_complement(x)), strict=True
    ):
        torch.testing.assert_close(there, back.flip(-1))
        assert (there - there.flip(-1)).abs().max() > 1e-3

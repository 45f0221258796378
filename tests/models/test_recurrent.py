"""Windows read one by one."""

import pytest
import torch

from seqmill.models.recurrent import WindowRNN


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_window_of_a_stretch_gives_what_it_gives_alone(cell):
    torch.manual_seed(1)
    net = WindowRNN(3, 5, window=4, stride=2, context=3, cell=cell)
    x = torch.randn(2, 3, 4 + 2 * 5 + 2 * 3)
    with torch.no_grad():
        whole = net(x)
        assert whole.shape == (2, 10, 6)
        for at in range(6):
            torch.testing.assert_close(net(x[..., 2 * at : 2 * at + 10])[..., 0], whole[..., at])


def test_states_are_those_of_torch_over_the_window_and_its_context():
    torch.manual_seed(2)
    net = WindowRNN(2, 3, window=2, stride=1, context=2)
    x = torch.randn(1, 2, 6)
    with torch.no_grad():
        states, _ = net.rnn(x.transpose(1, 2))
        torch.testing.assert_close(net(x)[0, :, 0], states[0, 2:4].mean(0))


@pytest.mark.parametrize(("cell", "gates"), [("gru", 3), ("lstm", 4)])
def test_the_cell_is_the_one_asked_for(cell, gates):
    net = WindowRNN(2, 5, window=1, stride=1, context=0, cell=cell)
    assert net.rnn.weight_hh_l0.shape == (gates * 5, 5)

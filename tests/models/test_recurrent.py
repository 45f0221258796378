"""Windows read one by one."""

import torch

from seqmill.models.recurrent import WindowGRU


def test_a_window_of_a_stretch_gives_what_it_gives_alone():
    torch.manual_seed(1)
    net = WindowGRU(3, 5, window=4, stride=2, context=3)
    x = torch.randn(2, 3, 4 + 2 * 5 + 2 * 3)
    with torch.no_grad():
        whole = net(x)
        assert whole.shape == (2, 10, 6)
        for at in range(6):
            torch.testing.assert_close(net(x[..., 2 * at : 2 * at + 10])[..., 0], whole[..., at])


def test_states_are_those_of_torch_over_the_window_and_its_context():
    torch.manual_seed(2)
    net = WindowGRU(2, 3, window=2, stride=1, context=2)
    x = torch.randn(1, 2, 6)
    with torch.no_grad():
        states, _ = net.gru(x.transpose(1, 2))
        torch.testing.assert_close(net(x)[0, :, 0], states[0, 2:4].mean(0))

"""A word gives the same code alone, beside longer ones and with more room behind it."""

import pytest
import torch

from seqmill.models.tokens import TokenCNN, TokenCNNOptions, TokenGRU, TokenGRUOptions, pooled

READERS = {
    "cnn": lambda: TokenCNN(TokenCNNOptions(channels=6, width=3, dilations=(1, 2)), tokens=9),
    "gru": lambda: TokenGRU(TokenGRUOptions(channels=5, units=4), tokens=9),
    "lstm": lambda: TokenGRU(TokenGRUOptions(channels=5, units=4, cell="lstm"), tokens=9),
}
WORDS = torch.tensor([[3, 1, 4, 0, 0, 0, 0], [1, 5, 9, 2, 6, 5, 0], [3, 0, 0, 0, 0, 0, 0]])


@pytest.fixture(params=READERS)
def reader(request):
    torch.manual_seed(0)
    return READERS[request.param]().eval()


def test_neither_room_nor_neighbours_have_a_say(reader):
    together = reader(WORDS)
    assert together.shape == (3, reader.outputs)
    for row, length in enumerate((3, 6, 1)):
        assert torch.allclose(reader(WORDS[row : row + 1, :length])[0], together[row], atol=1e-6)
    assert torch.allclose(reader(torch.nn.functional.pad(WORDS, (0, 5))), together, atol=1e-6)


def test_order_and_every_token_have_a_say(reader):
    before = reader(WORDS)
    turned = WORDS.clone()
    turned[0, :3] = torch.tensor([4, 1, 3])
    changed = WORDS.clone()
    changed[1, 5] = 7
    assert not torch.allclose(reader(turned)[0], before[0], atol=1e-4)
    assert not torch.allclose(reader(changed)[1], before[1], atol=1e-4)


def test_an_empty_word_is_zero(reader):
    assert not reader(torch.zeros(2, 4, dtype=torch.int64)).any()


def test_all_weights_are_learnt(reader):
    reader.train()(WORDS).sum().backward()
    assert all(weight.grad is not None and weight.grad.any() for weight in reader.parameters())


def test_the_pool_is_over_what_is_there():
    hidden = torch.tensor([[[1.0], [-3.0], [9.0]]])
    there = torch.tensor([[[True], [True], [False]]])
    assert pooled(hidden, there).tolist() == [[1.0, -1.0]]


def test_a_convolution_sees_an_odd_number_of_tokens():
    with pytest.raises(ValueError, match="width: found 4, want an odd number"):
        TokenCNNOptions(width=4)

"""One-hot DNA and its other strand, by hand."""

import torch

from seqmill.models.sequence import one_hot, reverse_complement

CODES = torch.tensor([[0, 1, 2, 3, 4, 255]], dtype=torch.uint8)


def test_bases_become_columns_and_what_is_none_becomes_nothing():
    expected = torch.zeros(1, 4, 6)
    expected[0, range(4), range(4)] = 1
    assert torch.equal(one_hot(CODES), expected)


def test_the_other_strand_of_aacg_is_cgtt():
    forward = one_hot(torch.tensor([[0, 0, 1, 2]], dtype=torch.uint8))
    backward = one_hot(torch.tensor([[1, 2, 3, 3]], dtype=torch.uint8))
    assert torch.equal(reverse_complement(forward), backward)

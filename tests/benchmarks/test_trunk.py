"""The plain trunk computes what ours computes: only how it is written differs."""

import pytest
import torch
import trunk


@pytest.mark.parametrize("name", trunk.SHAPES)
def test_both_forms_give_the_same_channels(name):
    ours, plain = (form.eval() for form in trunk.both_forms(name))
    x = trunk.stretches(ours, rows=2, bases=100)
    found = ours(x)
    assert found.shape == (2, 96, 20)
    torch.testing.assert_close(found, plain(x), rtol=1e-3, atol=1e-4)

"""Saturation mutagenesis against changes made one by one."""

import numpy as np
import torch

from seqmill.interpretation.mutagenesis import mutational_contributions, saturation_mutagenesis
from seqmill.interpretation.sequences import one_hot


def nonlinear(windows: torch.Tensor) -> torch.Tensor:
    return (windows[:, 0].sum(1) ** 2 + windows[:, 3, :1].sum(1) * windows[:, 2, 1:2].sum(1))[:, None]


def test_every_change_is_the_difference_it_makes():
    codes = np.array([[0, 2, 4, 3], [3, 2, 1, 0]], np.uint8)
    found = saturation_mutagenesis(nonlinear, codes)
    for row in range(2):
        for base in range(4):
            for place in range(4):
                changed = codes[row].copy()
                changed[place] = changed[place] if changed[place] == 4 else base
                difference = nonlinear(one_hot(changed[None])) - nonlinear(one_hot(codes[row : row + 1]))
                assert found[row, base, place] == difference.item()


def test_a_base_contributes_its_value_minus_the_mean_of_all_four():
    found = mutational_contributions(
        lambda windows: windows[:, 1].sum(1)[:, None], np.array([[1, 0, 4]], np.uint8)
    )
    assert np.allclose(found.of_bases, [[0.75, -0.25, 0]])
    assert found.predicted.tolist() == [1] and np.isnan(found.incompleteness)

"""Holm's adjustment by hand, and as the step-down rule says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.evaluation.multiplicity import holm


@pytest.mark.parametrize(
    ("given_p", "expected"),
    [
        ([0.01, 0.02, 0.03, 0.04, 0.05], [0.05, 0.08, 0.09, 0.09, 0.09]),
        ([0.04, 0.001, 0.03, 0.012], [0.06, 0.004, 0.06, 0.036]),
        ([0.6, 0.7], [1.0, 1.0]),
        ([0.03], [0.03]),
        ([], []),
    ],
)
def test_by_hand(given_p, expected):
    np.testing.assert_allclose(holm(given_p), expected)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_rejects_as_the_step_down_rule_says(p_values):
    adjusted = holm(p_values)
    rejected = set()
    for rank, index in enumerate(np.argsort(p_values, kind="stable")):
        if p_values[index] * (len(p_values) - rank) > 0.05:
            break
        rejected.add(int(index))
    assert {index for index, p in enumerate(adjusted) if p <= 0.05} == rejected
    assert np.all(adjusted >= np.array(p_values))

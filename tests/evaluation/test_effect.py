"""Effect sizes on Cohen's scales, by the examples of his book and closed forms."""

import pytest
from scipy import stats

from seqmill.evaluation.effect import effect_size


@pytest.mark.parametrize(
    ("measure", "a", "b", "expected"),
    [
        ("f1", 0.40, 0.25, 0.323),  # Cohen (1988), table 6.2.2: phi .40 is 1.369, phi .25 is 1.047
        ("pearson", 0.50, 0.25, 0.294),  # Cohen (1988), table 4.2.1: z of .50 is .549, z of .25 is .255
        ("spearman", 0.0, 0.10, -0.100),
    ],
)
def test_as_tabulated(measure, a, b, expected):
    assert effect_size(measure, a, b) == pytest.approx(expected, abs=1.5e-3)


def test_area_of_two_normals_gives_back_their_separation():
    area = stats.norm.cdf(1.2 / 2**0.5)
    assert effect_size("auroc", area, 0.5) == pytest.approx(1.2)


@pytest.mark.parametrize("measure", ["f1", "auroc", "pearson"])
def test_equal_is_nothing_and_the_ends_are_finite(measure):
    assert effect_size(measure, 0.9, 0.9) == 0
    assert 0 < effect_size(measure, 1.0, 0.5) < 20
    assert effect_size(measure, 1.0, 0.5) == -effect_size(measure, 0.5, 1.0)

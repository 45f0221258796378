"""DeLong's covariance: its definition, the jackknife and the bootstrap over areas of scikit-learn."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from seqmill.evaluation.delong import areas, contrast

# Albumin, total protein, K-G score and outcome of the 43 complete patients of DeLong et al. (1988), as the
# manual of SAS/STAT, "Comparing Receiver Operating Characteristic Curves", lists them. The figures below hold
# what is computed from them in place; scikit-learn and the definition, further down, tell what is right.
PATIENTS = """
3.0 5.8 10 0  3.2 6.3 5 1  3.9 6.8 3 1  2.8 4.8 6 0  3.2 5.8 3 1  0.9 4.0 5 0  2.5 5.7 8 0  1.6 5.6 5 1
3.8 5.7 5 1   3.7 6.7 6 1  3.2 5.4 4 1  3.8 6.6 6 1  4.1 6.6 5 1  3.6 5.7 5 1  4.3 7.0 4 1  3.6 6.7 4 0
2.3 4.4 6 1   4.2 7.6 4 0  4.0 6.6 6 0  3.5 5.8 6 1  3.8 6.8 7 1  3.0 4.7 8 0  4.5 7.4 5 1  3.7 7.4 5 1
3.1 6.6 6 1   4.1 8.2 6 1  4.3 7.0 5 1  4.3 6.5 4 1  3.2 5.1 5 1  2.6 4.7 6 1  3.3 6.8 6 0  1.7 4.0 7 0
3.7 6.1 5 1   3.3 6.3 7 1  4.2 7.7 6 1  3.5 6.2 5 1  2.9 5.7 9 0  2.1 4.8 7 1  2.8 6.2 8 0  4.0 7.0 7 1
3.3 5.7 6 1   3.7 6.9 5 1  3.6 6.6 5 1
"""


@pytest.fixture
def patients():
    albumin, protein, score, outcome = np.array(PATIENTS.split(), float).reshape(-1, 4).T
    return areas([albumin, protein, 10 - score], outcome > 0)


def test_areas_and_errors_of_the_patients(patients):
    np.testing.assert_allclose(patients.values, [0.7366, 0.6478, 0.7258], atol=5e-5)
    np.testing.assert_allclose(np.sqrt(np.diag(patients.covariance)), [0.0927, 0.1000, 0.1028], atol=5.1e-5)


def test_joint_test_of_equal_areas(patients):
    rows = np.array([[1, 0, -1], [0, 1, -1]])
    differences = rows @ patients.values
    statistic = differences @ np.linalg.solve(rows @ patients.covariance @ rows.T, differences)
    assert statistic == pytest.approx(2.5340, abs=5e-5)
    assert stats.chi2.sf(statistic, 2) == pytest.approx(0.2817, abs=5e-5)


def test_single_contrast(patients):
    value, error = contrast(patients, [0, 1, -1])
    assert (value, error) == pytest.approx((-0.0780, 0.1046), abs=5e-5)
    assert (value / error) ** 2 == pytest.approx(0.5554, abs=5e-5)


def test_areas_are_those_of_scikit_learn_with_ties():
    rng = np.random.default_rng(1)
    labels = rng.random(300) < 0.3
    scores = np.round(rng.normal(0, 1, (4, 300)) + labels, 1)
    np.testing.assert_allclose(areas(scores, labels).values, [roc_auc_score(labels, row) for row in scores])


def test_covariance_is_that_of_the_definition():
    rng = np.random.default_rng(2)
    labels = np.arange(40) < 15
    scores = np.round(rng.normal(0, 1, (2, 40)) + labels, 1)
    cases, controls = scores[:, labels], scores[:, ~labels]
    wins = (cases[:, :, None] > controls[:, None]) + 0.5 * (cases[:, :, None] == controls[:, None])
    expected = np.cov(wins.mean(axis=2)) / 15 + np.cov(wins.mean(axis=1)) / 25
    np.testing.assert_allclose(areas(scores, labels).covariance, expected)


@pytest.mark.parametrize("ties", [1, 6])
def test_covariance_is_that_of_the_jackknife_over_scikit_learns_areas(ties):
    """An area is a U-statistic, so leaving out one case or one control at a time gives the same exactly."""
    rng = np.random.default_rng(3)
    labels = rng.permutation(np.arange(70) < 30)
    scores = np.round(rng.normal(0, 1, (3, 70)) + labels, ties)
    expected = np.zeros((3, 3))
    for group in (labels, ~labels):
        without = [
            [roc_auc_score(np.delete(labels, left), np.delete(row, left)) for row in scores]
            for left in np.flatnonzero(group)
        ]
        expected += np.cov(without, rowvar=False) * (group.sum() - 1) ** 2 / group.sum()
    np.testing.assert_allclose(areas(scores, labels).covariance, expected)


def test_error_of_a_difference_is_that_of_the_bootstrap():
    rng = np.random.default_rng(4)
    labels = np.arange(400) < 160
    common = rng.normal(0, 1, 400)
    scores = [effect * labels + common + rng.normal(0, 1, 400) for effect in (1.5, 1.0)]
    drawn = np.empty(1000)
    for replicate in range(1000):
        kept = np.concatenate([rng.choice(np.flatnonzero(group), group.sum()) for group in (labels, ~labels)])
        better, worse = (roc_auc_score(labels[kept], row[kept]) for row in scores)
        drawn[replicate] = better - worse
    value, error = contrast(areas(scores, labels), [1, -1])
    # within four standard errors of a mean, and of a standard deviation, of 1000
    assert value == pytest.approx(drawn.mean(), abs=4 * error / np.sqrt(1000))
    assert error == pytest.approx(drawn.std(ddof=1), rel=4 / np.sqrt(2000))


def test_one_positive_is_refused():
    with pytest.raises(ValueError, match="two positives and two negatives wanted, 1 and 2 found"):
        areas([[1, 2, 3]], [True, False, False])

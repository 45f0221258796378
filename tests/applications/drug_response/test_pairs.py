"""The ridge of pairs is that of scikit-learn on the pairs' features written out."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from seqmill.applications.drug_response.pairs import PENALTIES, Pairs, fit_pair_ridge


@pytest.fixture
def pairs():
    rng = np.random.default_rng(3)
    left, right = rng.normal(size=(15, 4)), rng.normal(size=(9, 3))
    weights = rng.normal(size=7)
    found = []
    for n in (300, 80, 60):
        i, j = rng.integers(0, 15, n), rng.integers(0, 9, n)
        found.append(Pairs(i, j, np.hstack([left[i], right[j]]) @ weights + rng.normal(0, 1, n)))
    return left, right, found


def test_predictions_are_those_of_ridge_on_the_features_side_by_side(pairs):
    left, right, (learnt, held_out, test) = pairs
    scaled = [(one - one.mean(0)) / one.std(0) for one in (left, right)]  # every row is in some pair
    features = [np.hstack([scaled[0][p.left], scaled[1][p.right]]) for p in (learnt, held_out, test)]
    models = [
        Ridge(alpha=penalty, fit_intercept=False).fit(features[0], learnt.observed - learnt.observed.mean())
        for penalty in PENALTIES
    ]
    said = [[learnt.observed.mean() + model.predict(x) for x in features] for model in models]
    best = min(said, key=lambda one: np.mean((one[1] - held_out.observed) ** 2))
    assert np.allclose(fit_pair_ridge(left, right, learnt, held_out)(test), best[2])


def test_a_missing_value_is_the_mean_of_the_training_rows(pairs):
    left, right, (learnt, held_out, _) = pairs
    left = left.copy()
    left[4, 1] = np.nan
    filled = left.copy()
    rows = np.unique(learnt.left)
    filled[4, 1] = np.nanmean(left[rows, 1])
    given = fit_pair_ridge(left, right, learnt, held_out)(held_out)
    assert np.isfinite(given).all()
    spread = np.nanstd(left[rows, 1]) / filled[rows, 1].std()
    filled[:, 1] = filled[4, 1] + (filled[:, 1] - filled[4, 1])
    assert spread > 1  # filling shrinks the spread, so the two differ by the scale of one feature alone
    assert np.allclose(given, fit_pair_ridge(filled, right, learnt, held_out)(held_out), atol=0.02)

"""Ridge regression against scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from seqmill.applications.ridge import PENALTIES, fit_ridge


@pytest.mark.parametrize("standardised", [True, False])
def test_ridge_is_that_of_scikit_learn_at_the_penalty_validation_chooses(standardised):
    rng = np.random.default_rng(2)
    x, held = (rng.normal(3, 2, (rows, 12)) * np.arange(1, 13) for rows in (80, 60))
    weights = np.r_[1.0, -2.0, np.zeros(10)]
    y, held_y = x @ weights + rng.normal(0, 4, 80), held @ weights + rng.normal(0, 4, 60)
    predicted = fit_ridge(x, y, (held, held_y), standardised=standardised)(held)
    spread = x.std(0) if standardised else np.ones(12)
    errors = {}
    for penalty in PENALTIES:
        oracle = Ridge(alpha=penalty).fit((x - x.mean(0)) / spread, y)
        errors[penalty] = oracle.predict((held - x.mean(0)) / spread)
    best = min(errors, key=lambda penalty: np.mean((errors[penalty] - held_y) ** 2))
    np.testing.assert_allclose(predicted, errors[best])

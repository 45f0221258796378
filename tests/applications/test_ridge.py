"""Ridge regression against scikit-learn."""

import numpy as np
from sklearn.linear_model import Ridge

from seqmill.applications.ridge import PENALTIES, fit_ridge


def test_ridge_is_that_of_scikit_learn_at_the_penalty_validation_chooses():
    rng = np.random.default_rng(2)
    x, held = rng.normal(3, 2, (80, 12)), rng.normal(3, 2, (60, 12))
    weights = np.r_[1.0, -2.0, np.zeros(10)]
    y, held_y = x @ weights + rng.normal(0, 4, 80), held @ weights + rng.normal(0, 4, 60)
    predicted = fit_ridge(x, y, (held, held_y))(held)
    scaled, spread = (x - x.mean(0)) / x.std(0), x.std(0)
    errors = {}
    for penalty in PENALTIES:
        oracle = Ridge(alpha=penalty).fit(scaled, y)
        errors[penalty] = oracle.predict((held - x.mean(0)) / spread)
    best = min(errors, key=lambda penalty: np.mean((errors[penalty] - held_y) ** 2))
    np.testing.assert_allclose(predicted, errors[best])

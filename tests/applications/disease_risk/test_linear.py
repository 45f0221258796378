"""Linear models against scikit-learn, and Cox regression against its own optimum."""

import numpy as np
import pytest
from scipy import optimize
from sklearn.linear_model import LogisticRegression, Ridge

from seqmill.applications.disease_risk.likelihoods import LOSSES
from seqmill.applications.disease_risk.linear import fit_linear, fit_ridge


def world(features, n=60):
    rng = np.random.default_rng(4)
    x = rng.normal(size=(n, features))
    risk = x[:, 0] - x[:, 1]
    labels = {
        "disease": (rng.random(n) < 1 / (1 + np.exp(-risk))).astype(float),
        "trait": risk + rng.normal(size=n),
        "time": np.ceil(10 * rng.exponential(np.exp(-risk))),
        "event": (rng.random(n) < 0.7).astype(float),
    }
    return x, labels


@pytest.mark.parametrize("features", [4, 90])
@pytest.mark.parametrize("penalty", [0.01, 1.0])
def test_least_squares_are_those_of_ridge_regression(features, penalty):
    x, labels = world(features)
    oracle = Ridge(alpha=penalty * len(x)).fit(x, labels["trait"])
    found = fit_linear(x, labels, LOSSES["quantitative"], penalty)
    assert found(x + 1) == pytest.approx(oracle.predict(x + 1), abs=1e-4)


@pytest.mark.parametrize("features", [4, 90])
def test_logistic_regression_is_that_of_scikit_learn(features):
    x, labels = world(features)
    oracle = LogisticRegression(C=1 / (0.1 * len(x)), tol=1e-10, max_iter=5000).fit(x, labels["disease"])
    found = fit_linear(x, labels, LOSSES["binary"], 0.1)
    assert found(x) == pytest.approx(oracle.decision_function(x), abs=1e-4)


def test_cox_regression_finds_the_optimum_of_its_objective():
    x, labels = world(3)

    def objective(weights):
        return LOSSES["survival"](x @ weights, labels)[0] + 0.05 / 2 * weights @ weights

    best = optimize.minimize(
        objective, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12}
    )
    found = fit_linear(x, labels, LOSSES["survival"], 0.05)
    assert found(np.eye(3)) - found(np.zeros((1, 3))) == pytest.approx(best.x, abs=1e-4)


def test_cox_regression_in_more_features_than_persons_is_the_same_problem():
    x, labels = world(4, n=60)
    wide = np.hstack([x, np.zeros((60, 80))])
    found = [fit_linear(one, labels, LOSSES["survival"], 0.05)(one) for one in (x, wide)]
    assert found[1] - found[1].mean() == pytest.approx(found[0] - found[0].mean(), abs=1e-4)


def test_validation_chooses_the_penalty():
    x, labels = world(40)
    learnt, held_out = (
        ({name: values[part] for name, values in labels.items()}) for part in (slice(40), slice(40, 60))
    )
    loss, penalties = LOSSES["quantitative"], (1e-4, 0.3, 100.0)
    each = [fit_linear(x[:40], learnt, loss, penalty) for penalty in penalties]
    best = min(each, key=lambda one: loss(one(x[40:]), held_out)[0])
    chosen = fit_ridge((x[:40], learnt), (x[40:], held_out), loss, penalties)
    assert np.array_equal(chosen(x), best(x))

"""Residuals of covariates, linear and logistic."""

import numpy as np
import pytest
from scipy.optimize import minimize

from seqmill.association.null import fit_null
from seqmill.errors import InputError


@pytest.fixture
def covariates():
    rng = np.random.default_rng(1)
    return np.column_stack([rng.normal(50, 9, 300), rng.integers(0, 2, 300)])


def test_residuals_tell_nothing_of_covariates(covariates):
    trait = covariates[:, 0] * 0.1 + np.random.default_rng(2).normal(size=300)
    null = fit_null(trait, covariates, "linear")
    assert null.free == 297
    assert np.abs(covariates.T @ null.residuals).max() < 1e-8
    assert np.abs(null.whitened(covariates)).max() < 1e-9


def test_the_logistic_fit_is_the_most_likely_one(covariates):
    rng = np.random.default_rng(3)
    ill = (rng.random(300) < 1 / (1 + np.exp(5.5 - covariates[:, 0] * 0.1))).astype(float)
    design = np.column_stack([np.ones(300), (covariates - covariates.mean(axis=0)) / 10])

    def loss(effects):
        linear = design @ effects
        return np.logaddexp(0, linear).sum() - ill @ linear

    chance = 1 / (1 + np.exp(-design @ minimize(loss, np.zeros(3), tol=1e-12).x))
    null = fit_null(ill, covariates, "logistic")
    np.testing.assert_allclose(null.weights**2, chance * (1 - chance), atol=1e-5)
    np.testing.assert_allclose(null.residuals * null.weights, ill - chance, atol=1e-5)


def test_dependent_covariates_count_once(covariates):
    trait = np.random.default_rng(4).normal(size=300)
    twice = np.column_stack([covariates, covariates[:, 0] * 2 - 3, np.full(300, 7.0)])
    np.testing.assert_allclose(
        fit_null(trait, twice, "linear").residuals, fit_null(trait, covariates, "linear").residuals, atol=1e-9
    )
    assert fit_null(trait, twice, "linear").free == 297


def test_a_trait_that_does_not_vary_is_refused(covariates):
    with pytest.raises(InputError, match="is 1 for all 300 people"):
        fit_null(np.ones(300), covariates, "logistic")


def test_more_covariates_than_people_are_refused():
    with pytest.raises(InputError, match="3 people for 3 covariates"):
        fit_null(np.array([1.0, 2, 4]), np.array([[1.0, 0], [2, 1], [3, 5]]), "linear")


def test_a_covariate_that_is_the_illness_is_refused(covariates):
    ill = (covariates[:, 0] > 50).astype(float)
    with pytest.raises(InputError, match="without error"):
        fit_null(ill, np.column_stack([covariates, ill]), "logistic")

"""Tests equal those of regression, keep their level under chance, and find what is planted."""

import numpy as np
import pytest
from scipy import stats

from seqmill.association.null import fit_null
from seqmill.association.score import permutation_tests, score_tests

PEOPLE = 600


def dosages(rng, features):
    return rng.binomial(2, rng.uniform(0.1, 0.9, features), (PEOPLE, features)).astype(float)


def traits(rng, covariates):
    linear = covariates @ [0.5, -0.5]
    quantity = linear + rng.normal(size=PEOPLE)
    ill = (linear + rng.logistic(size=PEOPLE) > 1).astype(float)
    return {"linear": quantity, "logistic": ill}


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_the_linear_test_is_that_of_regression_with_the_feature(rng):
    covariates = rng.normal(size=(PEOPLE, 2))
    features, trait = dosages(rng, 3), traits(rng, covariates)["linear"]
    tested = score_tests(features, fit_null(trait, covariates, "linear"))
    for number in range(3):
        design = np.column_stack([np.ones(PEOPLE), covariates, features[:, number]])
        effects, rest, *_ = np.linalg.lstsq(design, trait, rcond=None)
        error = np.sqrt(rest[0] / (PEOPLE - 4) * np.linalg.inv(design.T @ design)[3, 3])
        assert tested.effect[number] == pytest.approx(effects[3])
        assert tested.error[number] == pytest.approx(error)
        assert tested.p[number] == pytest.approx(2 * stats.t.sf(abs(effects[3] / error), PEOPLE - 4))


def test_the_logistic_test_is_the_score_over_its_information(rng):
    covariates = rng.normal(size=(PEOPLE, 2))
    features, trait = dosages(rng, 1), traits(rng, covariates)["logistic"]
    null = fit_null(trait, covariates, "logistic")
    variance = null.weights**2
    score = features[:, 0] @ (null.residuals * null.weights)
    design = np.column_stack([features, np.ones(PEOPLE), covariates])
    information = design.T @ (design * variance[:, None])
    inverse = np.linalg.inv(information)
    tested = score_tests(features, null)
    assert tested.chi2[0] == pytest.approx(score**2 * inverse[0, 0])
    assert tested.effect[0] == pytest.approx(score * inverse[0, 0])
    assert tested.p[0] == pytest.approx(stats.chi2.sf(tested.chi2[0], 1))


@pytest.mark.parametrize("model", ["linear", "logistic"])
def test_under_chance_five_in_a_hundred_are_below_five_per_cent(rng, model):
    found = []
    for _ in range(5):
        covariates = rng.normal(size=(PEOPLE, 2))
        trait = traits(rng, covariates)[model]
        found.append(score_tests(dosages(rng, 800), fit_null(trait, covariates, model)).p)
    below = int((np.concatenate(found) < 0.05).sum())
    assert stats.binomtest(below, 4_000, 0.05).pvalue > 1e-3
    assert stats.kstest(np.concatenate(found), "uniform").pvalue > 1e-3


@pytest.mark.parametrize("model", ["linear", "logistic"])
def test_what_is_planted_is_found(rng, model):
    covariates, features = rng.normal(size=(PEOPLE, 2)), dosages(rng, 200)
    planted = features[:, 11] - features[:, 11].mean()
    quantity = planted + rng.normal(size=PEOPLE)
    trait = quantity if model == "linear" else (planted * 2 + rng.logistic(size=PEOPLE) > 0).astype(float)
    tested = score_tests(features, fit_null(trait, covariates, model))
    assert np.argmin(tested.p) == 11
    assert tested.p[11] < 0.05 / 200
    assert tested.effect[11] > 0


def test_a_feature_that_covariates_make_up_is_not_tested(rng):
    covariates = rng.normal(size=(PEOPLE, 2))
    features = np.column_stack([covariates[:, 0] * 3 + 1, dosages(rng, 1)])
    null = fit_null(traits(rng, covariates)["linear"], covariates, "linear")
    assert np.isnan(score_tests(features, null).p).tolist() == [True, False]
    own, highest = permutation_tests(features, null, times=9, rng=rng)
    assert np.isnan(own).tolist() == np.isnan(highest).tolist() == [True, False]


def test_permutations_agree_with_the_distribution(rng):
    covariates, features = rng.normal(size=(PEOPLE, 2)), dosages(rng, 60)
    null = fit_null(traits(rng, covariates)["linear"], covariates, "linear")
    own, _ = permutation_tests(features, null, times=1_000, rng=rng)
    expected = score_tests(features, null).p
    assert np.abs(own - expected).max() < 4 * np.sqrt(0.25 / 1_000)


def test_the_familywise_level_holds_over_all_features(rng):
    below = 0
    for _ in range(60):
        covariates = rng.normal(size=(PEOPLE, 2))
        null = fit_null(traits(rng, covariates)["linear"], covariates, "linear")
        _, highest = permutation_tests(dosages(rng, 30), null, times=99, rng=rng)
        below += int(highest.min() <= 0.1)
    assert stats.binomtest(below, 60, 0.1).pvalue > 1e-3


def test_the_least_p_of_a_permutation_is_that_of_the_deals(rng):
    features = dosages(rng, 2)
    trait = features[:, 0] * 5 + rng.normal(size=PEOPLE)
    null = fit_null(trait, np.zeros((PEOPLE, 0)), "linear")
    own, highest = permutation_tests(features, null, times=19, rng=rng)
    assert own[0] == highest[0] == 1 / 20

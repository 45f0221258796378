"""Each drug's regression is that of scikit-learn; an unseen drug gets what all others say."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from seqmill.applications.drug_response.each_drug import fit_each_drug
from seqmill.applications.drug_response.pairs import Pairs


@pytest.fixture
def world():
    rng = np.random.default_rng(5)
    profiles = rng.normal(2, 3, (40, 6))
    weights = rng.normal(size=(6, 3))
    left, right = (one.ravel() for one in np.meshgrid(np.arange(40), np.arange(3), indexing="ij"))
    response = (profiles @ weights)[left, right] + 10 * right + rng.normal(0, 0.1, len(left))
    there = rng.random(len(left)) < 0.9
    kept = [(left < 25) & there, (left >= 25) & (left < 32) & there, left >= 32]
    return profiles, [Pairs(left[one], right[one], response[one]) for one in kept]


def test_each_drug_has_a_regression_of_its_own(world):
    profiles, (learnt, held_out, test) = world
    said = fit_each_drug(profiles, learnt, held_out, penalties=[0.5])(test)
    rows = np.unique(learnt.left)
    scaled = (profiles - profiles[rows].mean(0)) / profiles[rows].std(0)
    for drug in range(3):
        own = learnt.right == drug
        level = learnt.observed[own].mean()
        model = Ridge(alpha=0.5 * 6, fit_intercept=False)
        model.fit(scaled[learnt.left[own]], learnt.observed[own] - level)
        asked = test.right == drug
        assert np.allclose(said[asked], level + model.predict(scaled[test.left[asked]]))


def test_validation_chooses_the_penalty(world):
    profiles, (learnt, held_out, test) = world
    chosen = fit_each_drug(profiles, learnt, held_out, penalties=[1e6, 0.01, 1e5])(test)
    assert np.allclose(chosen, fit_each_drug(profiles, learnt, held_out, penalties=[0.01])(test))
    assert np.corrcoef(chosen[test.right == 1], test.observed[test.right == 1])[0, 1] > 0.99


def test_an_unseen_drug_gets_the_mean_of_all_others(world):
    profiles, (learnt, held_out, test) = world
    fitted = fit_each_drug(profiles, learnt, held_out)
    known = [fitted(Pairs(test.left, np.full(len(test.left), drug), test.observed)) for drug in range(3)]
    for unseen in (3, -1):
        asked = Pairs(test.left, np.full(len(test.left), unseen), test.observed)
        assert np.allclose(fitted(asked), np.mean(known, axis=0))

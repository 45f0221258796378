"""Composition of windows, against counting by hand; ridge against scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from seqmill.applications.accessibility import composition
from seqmill.applications.accessibility.spec import Options

OPTIONS = Options(span=40, flank=30, window=20, stride=10)


@pytest.fixture
def codes():
    drawn = np.random.default_rng(1).integers(0, 4, (2, OPTIONS.width)).astype(np.uint8)
    drawn[0, 33] = 4
    return drawn


def test_gc_is_a_share_of_the_known_bases(codes):
    found = composition.gc_features(codes, OPTIONS)
    assert found.shape == (8, 2)
    window = codes[0, 30:50]
    share = np.isin(window, [1, 2]).sum() / (window < 4).sum()
    np.testing.assert_allclose(found[0], [share, share**2])


def test_kmers_of_either_strand_are_counted_as_one(codes):
    found = composition.kmer_features(codes, OPTIONS)
    assert found.shape == (8, 512)
    text = "".join("ACGTN"[code] for code in codes[1])
    pairs = {}
    for at in range(len(text) - 4):  # the context reaches over the whole small example
        word = text[at : at + 5]
        turned = word[::-1].translate(str.maketrans("ACGT", "TGCA"))
        key = min(word, turned)
        pairs[key] = pairs.get(key, 0) + 1
    assert sorted(found[4][found[4] > 0].tolist()) == sorted(pairs.values())
    turned_codes = np.where(codes[1:] < 4, 3 - codes[1:], 4)[:, ::-1].astype(np.uint8)
    np.testing.assert_array_equal(composition.kmer_features(turned_codes, OPTIONS)[0], found[4])


def test_ridge_is_that_of_scikit_learn_at_the_penalty_validation_chooses():
    rng = np.random.default_rng(2)
    x, held = rng.normal(3, 2, (80, 12)), rng.normal(3, 2, (60, 12))
    weights = np.r_[1.0, -2.0, np.zeros(10)]
    y, held_y = x @ weights + rng.normal(0, 4, 80), held @ weights + rng.normal(0, 4, 60)
    predicted = composition.fit_ridge(x, y, (held, held_y))(held)
    scaled, spread = (x - x.mean(0)) / x.std(0), x.std(0)
    errors = {}
    for penalty in composition.PENALTIES:
        oracle = Ridge(alpha=penalty).fit(scaled, y)
        errors[penalty] = oracle.predict((held - x.mean(0)) / spread)
    best = min(errors, key=lambda penalty: np.mean((errors[penalty] - held_y) ** 2))
    np.testing.assert_allclose(predicted, errors[best])

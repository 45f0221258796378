"""Weight matrices and arrays against counts by hand, and against dependencies that one of them cannot see."""

from itertools import product

import numpy as np
import pytest

from seqmill.applications.splicing.labels import DONOR, NONE
from seqmill.applications.splicing.weights import fit, score_bases

FLANK = 6


def windows(words, label):
    """Windows of one labelled base in the middle of words of 2 * FLANK + 1 bases."""
    codes = np.array(["ACGTN".index(base) for word in words for base in word], np.uint8)
    return codes.reshape(len(words), -1), np.full((len(words), 1), label, np.uint8)


def drawn(rng, n, rule=None):
    codes = rng.integers(0, 4, (n, 2 * FLANK + 1)).astype(np.uint8)
    if rule is not None:
        rule(codes)
    return codes


def together(positive, negative):
    sites = np.array([DONOR] * len(positive) + [NONE] * len(negative), np.uint8)[:, None]
    return np.concatenate([positive, negative]), sites


def test_a_matrix_holds_the_log_odds_of_counts_with_one_added():
    held, _ = windows(["AAAAAAGTAAAAA", "AAAAAAGTCAAAA", "AAAAAAGTAAAAA"], DONOR)
    others, _ = windows(["AAAAAAGTTAAAA", "AAAAAAGTTAAAA"], NONE)
    weights = fit(*together(held, others), DONOR, order=0, beside=2, flank=FLANK)
    place = 4  # two bases behind the site
    chances = [np.log(np.array([2 + 1, 1 + 1, 0 + 1, 0 + 1]) / 7), np.log(np.array([1, 1, 1, 2 + 1]) / 6)]
    np.testing.assert_allclose(weights.odds[place, :4], chances[0] - chances[1])
    assert weights.odds[place, 4] == 0
    scores = score_bases(held, weights, flank=FLANK, span=1)[:, 0]
    assert scores[0] == pytest.approx(sum(weights.odds[at, code] for at, code in enumerate([0, 0, 2, 3, 0])))


def test_an_array_sees_a_dependency_that_a_matrix_cannot():
    rng = np.random.default_rng(1)

    def alike(codes):
        codes[:, 9] = codes[:, 7]

    x, sites = together(drawn(rng, 3000, alike), drawn(rng, 3000))
    told = {}
    for order in (0, 1, 3):
        weights = fit(x, sites, DONOR, order=order, beside=5, flank=FLANK)
        scores = score_bases(x, weights, flank=FLANK, span=1)[:, 0]
        held, others = scores[:3000], scores[3000:]
        told[order] = float((held[:, None] > others[None, ::10]).mean())
    assert told[0] < 0.6
    assert told[1] < 0.6  # the base two before it is out of reach of one
    assert told[3] > 0.75


@pytest.mark.parametrize("order", [0, 3])
def test_each_base_of_a_stretch_is_scored_as_its_own_window(order):
    rng = np.random.default_rng(2)
    x, sites = together(drawn(rng, 200), drawn(rng, 200))
    beside = FLANK - order  # a window then holds the bases before its first place too
    weights = fit(x, sites, DONOR, order=order, beside=beside, flank=FLANK)
    stretch = rng.integers(0, 5, (3, 2 * FLANK + 20)).astype(np.uint8)
    scores = score_bases(stretch, weights, flank=FLANK, span=20)
    for row, at in product(range(3), range(20)):
        window = stretch[row : row + 1, at : at + 2 * FLANK + 1]
        alone = score_bases(window, weights, flank=FLANK, span=1)[0, 0]
        assert scores[row, at] == pytest.approx(alone, abs=1e-5)


def test_unknown_bases_tell_nothing():
    rng = np.random.default_rng(3)
    x, sites = together(drawn(rng, 50), drawn(rng, 50))
    weights = fit(x, sites, DONOR, order=0, beside=3, flank=FLANK)
    assert score_bases(np.full((2, 13), 4, np.uint8), weights, flank=FLANK, span=1).tolist() == [[0.0], [0.0]]


def test_a_class_without_sites_has_no_weights():
    rng = np.random.default_rng(4)
    x, sites = together(drawn(rng, 0), drawn(rng, 5))
    assert fit(x, sites, DONOR, order=0, beside=3, flank=FLANK) is None
    assert score_bases(x, None, flank=FLANK, span=1).tolist() == [[0.0]] * 5

"""Instances of motifs, against scores by hand and chances by counting all words."""

from itertools import product

import numpy as np
import pytest

from seqmill.genome.bases import codes_of, reverse_complement
from seqmill.genome.motif import Motif
from seqmill.genome.scan import base_shares, best_scores, log_odds, scan, tail

BACKGROUND = np.array([0.3, 0.2, 0.1, 0.4])


def motif(width: int = 5) -> Motif:
    return Motif(name="m", probabilities=np.random.default_rng(1).dirichlet(np.full(4, 0.3), width))


def test_chances_are_those_of_all_words_weighed_by_the_background():
    odds = log_odds(motif(), BACKGROUND)
    words = list(product(range(4), repeat=5))
    scores = np.array([sum(odds[at, base] for at, base in enumerate(word)) for word in words])
    weights = np.array([np.prod(BACKGROUND[list(word)]) for word in words])
    chances, lowest = tail(odds, BACKGROUND), odds.min(axis=1).sum()
    for score in np.unique(scores):
        assert chances[score - lowest] == pytest.approx(weights[scores >= score].sum())


@pytest.mark.parametrize("both_strands", [True, False])
def test_instances_are_those_of_scoring_every_place_by_hand(both_strands: bool):
    codes = np.random.default_rng(2).integers(0, 5, (20, 40), dtype=np.uint8)
    found = scan(codes, motif(), BACKGROUND, p=0.02, both_strands=both_strands)
    odds = log_odds(motif(), BACKGROUND)
    chances, lowest = tail(odds, BACKGROUND), odds.min(axis=1).sum()
    wanted = []
    for row in range(20):
        for start in range(36):
            word = codes[row, start : start + 5]
            if (word == 4).any():
                continue
            scores = [odds[np.arange(5), w].sum() for w in (word, reverse_complement(word))][
                : 1 + both_strands
            ]
            if chances[max(scores) - lowest] <= 0.02:
                wanted.append(
                    (row, start, scores[0] == max(scores), max(scores) / 100, chances[max(scores) - lowest])
                )
    assert list(zip(found.window, found.start, found.forward, found.score, found.p, strict=True)) == wanted
    assert wanted


def test_a_planted_word_is_found_on_either_strand():
    known = Motif(name="m", probabilities=np.eye(4)[codes_of("TTACCCGGA")])
    codes = np.zeros((2, 30), np.uint8)
    codes[0, 4:13] = codes_of("TTACCCGGA")
    codes[1, 20:29] = reverse_complement(codes_of("TTACCCGGA"))
    found = scan(codes, known, np.full(4, 0.25))
    assert list(zip(found.window, found.start, found.forward, strict=True)) == [(0, 4, True), (1, 20, False)]


def test_too_weak_a_motif_and_too_short_a_window_have_no_instance():
    flat = Motif(name="m", probabilities=np.full((6, 4), 0.25))
    codes = np.zeros((3, 30), np.uint8)
    assert len(scan(codes, flat, np.full(4, 0.25)).start) == 0
    assert len(scan(codes[:, :4], flat, np.full(4, 0.25)).start) == 0


def test_shares_are_those_of_both_strands():
    codes = codes_of("AAACN")[None]
    assert base_shares(codes, both_strands=False) == pytest.approx([0.75, 0.25, 0.001, 0.001], abs=2e-3)
    assert base_shares(codes) == pytest.approx([0.375, 0.125, 0.125, 0.375])


@pytest.mark.parametrize("both_strands", [True, False])
def test_the_best_score_is_that_of_the_best_place(both_strands: bool):
    codes = np.random.default_rng(4).integers(0, 5, (30, 12), dtype=np.uint8)
    odds = log_odds(motif(), BACKGROUND)
    wanted = []
    for row in codes:
        words = [word for word in np.lib.stride_tricks.sliding_window_view(row, 5) if (word < 4).all()]
        words += [reverse_complement(word) for word in words] * both_strands
        wanted.append(max((odds[np.arange(5), word].sum() / 100 for word in words), default=-np.inf))
    found = best_scores(codes, motif(), BACKGROUND, both_strands=both_strands)
    np.testing.assert_allclose(found, wanted)
    assert np.isinf(found).any()
    assert np.isinf(best_scores(codes[:, :4], motif(), BACKGROUND)).all()

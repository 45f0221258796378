"""Seqlets of a planted study, and none where there is nothing."""

import numpy as np

from seqmill.interpretation.seqlets import APART, WIDTH, find_seqlets


def test_seqlets_lie_on_planted_sites(explained, chance, study):
    found = find_seqlets(explained.of_bases, chance)
    held = [(row, start, start + len(study.motifs[name].text), name) for row, start, name in study.sites]
    hits = [
        [one for one in held if one[0] == row and one[1] < start + WIDTH - 8 and start + 8 < one[2]]
        for row, start in zip(found.window, found.start, strict=True)
    ]
    precision = np.mean([bool(one) for one in hits])
    reached = {one for group in hits for one in group}
    inside = [one for one in held if 8 <= one[1] and one[2] <= study.codes.shape[1] - 8]
    assert precision > 0.9
    assert len(reached.intersection(inside)) / len(inside) > 0.8
    lowering = [
        all(one[3] == "gat" for one in group)
        for group, s in zip(hits, found.score, strict=True)
        if group and s < 0
    ]
    assert np.mean(lowering) > 0.95


def test_noise_gives_few_and_nothing_gives_none():
    noise = np.random.default_rng(1).normal(size=(2, 200, 200)).astype(np.float32)
    assert len(find_seqlets(noise[0], noise[1])) < 20
    assert len(find_seqlets(np.zeros((5, 60), np.float32), noise[1])) == 0


def test_a_threshold_counts_for_how_many_places_were_looked_at():
    """Twice as many windows as shuffled ones: each shuffled core stands for two."""
    few = np.zeros((40, 60), np.float32)
    few[:, 30] = 1
    chance = np.zeros((20, 60), np.float32)
    chance[0, 30] = 2
    assert len(find_seqlets(few, chance)) == 40
    chance[1, 30] = 2
    assert len(find_seqlets(few, chance)) == 0


def test_cores_lie_apart_and_the_strongest_come_first(explained, chance):
    found = find_seqlets(explained.of_bases, chance, most=150)
    assert len(found) == 150 and found.dropped > 0
    assert (np.diff(np.abs(found.score)) <= 0).all()
    for sign in (1, -1):
        keys = sorted(
            row * 10_000 + start
            for row, start, score in zip(found.window, found.start, found.score, strict=True)
            if score * sign > 0
        )
        assert np.diff(keys).min() >= APART

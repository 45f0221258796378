"""Counts and profiles of windows, by hand and against scipy."""

import numpy as np
from scipy.spatial.distance import jensenshannon

from seqmill.applications.accessibility.spec import Options
from seqmill.applications.accessibility.windows import observe, similarity, window_profiles

OPTIONS = Options(span=40, flank=20, window=20, stride=10)


def test_windows_sum_the_bases_they_cover():
    payload = np.random.default_rng(1).integers(0, 4, (3, OPTIONS.width)).astype(np.uint8)
    payload[1, 20 + 25] = 255
    observed = observe(payload, OPTIONS)
    assert observed.counts.shape == (3, 4)
    for row in range(3):
        for at in range(4):
            inside = payload[row, 20 + 10 * at : 40 + 10 * at]
            assert observed.known[row, at] == (255 not in inside)
            assert observed.counts[row, at] == inside[inside < 255].sum()
    assert (~observed.known).sum() == 2


def test_profiles_are_the_bins_of_each_window():
    values = np.arange(50)[None]
    profiles = window_profiles(values, OPTIONS, 5)
    assert profiles.shape == (1, 4, 4)
    assert profiles[0, 1].tolist() == [sum(range(at, at + 5)) for at in (10, 15, 20, 25)]


def test_similarity_is_one_minus_the_divergence():
    rng = np.random.default_rng(2)
    first, second = rng.random((5, 8)), rng.integers(0, 3, (5, 8)).astype(float)
    expected = [1 - jensenshannon(p, q, base=2) ** 2 for p, q in zip(first, second, strict=True)]
    np.testing.assert_allclose(similarity(first, second), expected)
    assert np.isnan(similarity(np.zeros((1, 3)), np.ones((1, 3)))[0])

"""Words counted by hand, and baselines on planted promoters."""

import numpy as np
import pytest

from seqmill.applications.expression import composition
from seqmill.applications.scoring import OperatingPoints
from seqmill.evaluation.dataset import read_examples


@pytest.fixture
def codes():
    drawn = np.random.default_rng(1).integers(0, 4, (3, 25)).astype(np.uint8)
    drawn[0, 9] = 4
    return drawn


def test_words_are_counted_in_the_stretch_they_begin_in(codes):
    found = composition.kmer_counts(codes, 3, 4).reshape(3, 4, 64)
    places = 23
    for row in range(3):
        expected = np.zeros((4, 64))
        for at in range(places):
            word = codes[row, at : at + 3].tolist()
            if 4 not in word:
                expected[at * 4 // places, word[0] * 16 + word[1] * 4 + word[2]] += 1
        np.testing.assert_array_equal(found[row], expected)
    assert found.sum() == 3 * places - 3


def test_words_of_the_other_strand_are_other_words(codes):
    turned = (3 - codes[1:, ::-1]).astype(np.uint8)
    assert not np.array_equal(composition.kmer_counts(codes[1:], 3, 1), composition.kmer_counts(turned, 3, 1))


def test_gc_is_a_share_of_the_known_bases(codes):
    share = 100 * np.isin(codes[0], [1, 2]).sum() / 24
    np.testing.assert_allclose(composition.gc_features(codes)[0], [share, share**2 / 100])


def test_stretches_stand_side_by_side(codes):
    assert composition.positional_features(codes).shape == (3, 10 * 64 + 5 * 256 + 1024)


@pytest.mark.parametrize(
    ("baseline", "low", "high"), [("gc", -0.3, 0.5), ("kmer_ridge", 0.5, 1), ("positional_ridge", 0.3, 1)]
)
def test_words_tell_of_the_planted_motif_and_gc_does_not(dataset, baseline, low, high):
    table = read_examples(dataset.manifest, "test", threads=1)
    job = dataset.job("test", {}, examples=table, threads=1)
    items = getattr(composition, baseline)(job).items(OperatingPoints([]))
    assert low < np.corrcoef(items["predicted_level"], items["observed_level"])[0, 1] < high

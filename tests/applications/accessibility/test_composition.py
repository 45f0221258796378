"""Composition of windows, against counting by hand."""

import numpy as np
import pytest

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

"""Composition of windows against counting by hand; what the baselines can and cannot tell."""

import numpy as np
import pytest

from seqmill.applications.scoring import OperatingPoints
from seqmill.applications.tf_binding import composition
from seqmill.evaluation.dataset import read_examples
from seqmill.evaluation.metrics import score
from tests.applications.tf_binding import planted

NONE = OperatingPoints([])


@pytest.fixture
def codes():
    drawn = np.random.default_rng(1).integers(0, 4, (3, 30)).astype(np.uint8)
    drawn[0, 4] = 4
    return drawn


def test_gc_is_a_share_of_the_known_bases(codes):
    found = composition.gc_features(codes)
    share = np.isin(codes[0], [1, 2]).sum() / 29
    np.testing.assert_allclose(found[0], [share, share**2])


def test_kmers_of_either_strand_are_counted_as_one(codes):
    found = composition.kmer_features(codes)
    assert found.shape == (3, 512)
    counted = {}
    text = "".join("ACGTN"[code] for code in codes[0])
    for at in range(26):
        word = text[at : at + 5]
        if "N" not in word:
            key = min(word, word[::-1].translate(str.maketrans("ACGT", "TGCA")))
            counted[key] = counted.get(key, 0) + 1
    assert sorted(found[0][found[0] > 0].tolist()) == sorted(counted.values())
    turned = (3 - codes[1:, ::-1]).astype(np.uint8)
    np.testing.assert_array_equal(composition.kmer_features(turned), found[1:])


def test_kmers_tell_sites_from_shuffles_and_gc_does_not(dataset):
    table = read_examples(dataset.manifest, "test", threads=1)
    job = dataset.job("test", {}, examples=table, threads=1)
    found = {}
    for baseline in (composition.gc, composition.kmer_ridge):
        rows = {row["metric"]: row["value"] for row in score(baseline(job).items(NONE), replicates=5)}
        found[baseline.__name__] = rows
    assert found["kmer_ridge"]["auroc.BBB2.chip.shuffled"] > 0.85
    assert found["kmer_ridge"]["auroc.AAA1.chip.other_factors"] > 0.85
    assert found["gc"]["auroc.AAA1.chip.other_factors"] > 0.6
    for factor in planted.MOTIFS:
        name = f"auroc.{factor}.chip.shuffled"
        assert found["gc"][name] < found["kmer_ridge"][name] - 0.1

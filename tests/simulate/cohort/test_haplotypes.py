"""Frequencies, linkage and populations are those of the theory."""

import numpy as np
import pytest
from scipy.stats import chisquare

from seqmill.errors import InputError
from seqmill.simulate.cohort.haplotypes import draw_stretch, shared_haplotypes


def stretch(seed, haplotypes, **changes):
    settings = {"shared": 2, "length": 1_000_000, "sites": 500, "rate": 4e-4, "minimum_frequency": 0.0}
    populations = haplotypes if isinstance(haplotypes, list) else [0] * haplotypes
    return draw_stretch(np.random.default_rng(seed), populations=populations, **settings | changes)


def test_an_allele_of_k_copies_has_the_weight_one_over_k_of_the_neutral_spectrum():
    # Sites far apart in terms of changes, so that they are nearly independent of each other.
    found = stretch(1, 12, length=400_000_000, sites=4_000, rate=1e-3)
    counts = np.bincount(found.alleles.sum(axis=0), minlength=13)[1:12]
    weights = 1 / np.arange(1, 12)
    assert chisquare(counts, weights / weights.sum() * 4_000).pvalue > 1e-3


def test_linkage_falls_with_distance():
    found = stretch(2, 600, minimum_frequency=0.05)
    r2 = np.corrcoef(found.alleles.T) ** 2
    distance = np.abs(found.positions[:, None] - found.positions)
    bands = ((1, 3_000), (3_000, 20_000), (20_000, 100_000), (400_000, 1_000_000))
    means = [r2[(distance >= low) & (distance < high)].mean() for low, high in bands]
    assert means == sorted(means, reverse=True)
    assert means[0] > 0.15
    assert means[-1] < 0.02


def test_populations_differ_by_the_f_st_that_is_asked_for():
    populations = [number % 2 for number in range(600)]
    shared = shared_haplotypes(0.1)
    found = stretch(3, populations, shared=shared, length=60_000_000, sites=2_000)
    first, second = (found.alleles[one::2].mean(axis=0) for one in (0, 1))
    within = (first * (1 - first) + second * (1 - second)) / 299
    between = ((first - second) ** 2 - within).sum() / (first * (1 - second) + second * (1 - first)).sum()
    assert between == pytest.approx(0.1, abs=0.02)  # Hudson's estimate


def test_sites_are_as_many_and_as_frequent_as_asked_for():
    found = stretch(4, 100, minimum_frequency=0.1)
    frequency = found.alleles.mean(axis=0)
    assert found.alleles.shape == (100, 500)
    assert np.minimum(frequency, 1 - frequency).min() >= 0.1
    assert (np.diff(found.positions) > 0).all()


def test_too_few_frequent_sites_are_an_error():
    with pytest.raises(InputError, match="200 wanted; lower minimum_frequency"):
        stretch(5, 100, length=300, sites=200, minimum_frequency=0.3)

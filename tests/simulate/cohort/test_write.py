"""Names of sites are those that other stages read."""

import numpy as np

from seqmill.simulate.cohort.write import Site, draw_alleles


def test_a_site_is_named_from_one():
    assert Site("c1", 9, "A", "C", 0).name == "c1:10:A:C"


def test_alleles_differ_and_all_pairs_occur():
    drawn = draw_alleles(np.random.default_rng(1), 600)
    assert all(ref != alt for ref, alt in drawn)
    assert len(set(drawn)) == 12

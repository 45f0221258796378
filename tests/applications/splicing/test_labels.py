"""What is laid into genes: sites, doubtful bases, and their borders."""

import numpy as np

from seqmill.applications.splicing.labels import ACCEPTOR, DONOR, MASKED, NONE, Labels, place
from seqmill.applications.splicing.spans import cut
from seqmill.genome.annotation import SpliceSite
from seqmill.genome.intervals import Interval


def site(position, kind):
    return SpliceSite("a", position, "+", kind)


def test_sites_doubtful_bases_and_bases_beside_genes():
    labels = place(
        [(10, 20)], [site(12, "donor"), site(15, "acceptor")], [site(15, "acceptor"), site(17, "donor")]
    )
    M, N = MASKED, NONE
    assert labels.over(8, 22).tolist() == [M, M, N, N, DONOR, N, N, ACCEPTOR, N, M, N, N, M, M]


def test_a_base_that_is_donor_and_acceptor_has_no_label():
    labels = place([(0, 5)], [site(2, "donor"), site(2, "acceptor")], [])
    assert labels.over(0, 5).tolist() == [NONE, NONE, MASKED, NONE, NONE]


def test_a_site_outside_of_genes_has_no_label():
    assert place([(0, 5)], [site(7, "donor")], []).over(0, 9).tolist() == [NONE] * 5 + [MASKED] * 4


def test_spans_lie_from_a_gene_s_start_and_do_not_reach_into_the_next():
    labels = Labels([(5, 12), (13, 20)])
    found = list(cut(labels, "+", Interval("a", 0, 100), 5))
    assert [one.start for one in found] == [5, 10, 13, 18]
    labelled = np.concatenate([one.start + np.flatnonzero(one.sites == NONE) for one in found])
    assert sorted(labelled.tolist()) == [*range(5, 12), *range(13, 20)]


def test_an_interval_takes_the_spans_that_begin_in_it():
    labels = Labels([(5, 30)])
    starts = [
        [one.start for one in cut(labels, "+", Interval("a", start, start + 7), 5)]
        for start in range(0, 35, 7)
    ]
    assert [start for held in starts for start in held] == [5, 10, 15, 20, 25]

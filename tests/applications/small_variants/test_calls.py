"""The scales of a call's numbers."""

import numpy as np
import pytest

from seqmill.applications.small_variants.calls import Call, error_phred, phred, relative_phred


def test_phred_of_log_probabilities():
    assert phred(np.log([1.0, 0.1, 0.001])) == pytest.approx([0.0, 10.0, 30.0])
    assert phred(-np.inf) == np.inf


def test_error_is_of_the_complement_and_capped():
    assert error_phred(np.log([0.9, 0.5, 0.999])).tolist() == [10, 3, 30]
    assert error_phred(np.array([0.0, 1e-12, -1e-30])).tolist() == [99, 99, 99]


def test_relative_to_the_best_capped():
    found = relative_phred(np.array([[np.log(0.01), np.log(0.99), -np.inf], [-3.0, -3.0, -500.0]]))
    assert found.tolist() == [[20, 0, 990], [0, 0, 990]]


@pytest.mark.parametrize(
    ("ref", "alts", "kind"),
    [("A", ("C",), "snp"), ("A", ("C", "G"), "snp"), ("A", ("AT",), "indel"), ("AT", ("A", "ATT"), "indel")],
)
def test_kind(ref, alts, kind):
    call = Call(
        contig="q",
        start=5,
        ref=ref,
        alts=alts,
        genotype=(0, 1),
        quality=1.0,
        genotype_quality=1,
        likelihoods=(0, 0, 0),
        depth=1,
        allele_depths=(1, 0),
    )
    assert (call.kind, call.end) == (kind, 5 + len(ref))

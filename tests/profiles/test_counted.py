"""Copies of an allele by hand."""

import pytest

from seqmill.profiles.alleles import UNKNOWN
from seqmill.profiles.call_options import CallOptions
from seqmill.profiles.counted import HALF_CALL, NO_CALL, NOT_TOLD, PLOIDY, copies_of

TOLD = [0, 1, 0, UNKNOWN]  # reference, the allele, another one, <NON_REF>


@pytest.mark.parametrize(
    ("genotype", "copies"),
    [
        ((0, 0), 0),
        ((0, 1), 1),
        ((1, 1), 2),
        ((1, 2), 1),
        ((1,), 2),
        ((0,), 0),
        ((None, None), NO_CALL),
        ((None,), NO_CALL),
        ((None, 1), HALF_CALL),
        ((0, 3), NOT_TOLD),
        ((0, 7), NOT_TOLD),
        ((0, 0, 1), PLOIDY),
    ],
)
def test_genotypes(genotype, copies):
    assert copies_of(genotype, TOLD, CallOptions()) == copies


def test_options():
    assert copies_of((1,), TOLD, CallOptions(haploid="single")) == 1
    assert copies_of((None, 1), TOLD, CallOptions(half_calls="reference")) == 1

"""What the alleles of a record say of a site, by hand."""

import pytest

from seqmill.genome.variants import Allele
from seqmill.profiles.alleles import UNKNOWN, codes, is_block
from seqmill.profiles.orientation import key_of, place
from seqmill.profiles.sites import Sites


def told(site, start, ref, *alts):
    (placed,) = place(Sites((Allele("c", *site),)), None)
    keys = [None if alt.startswith(("<", "*")) else key_of("c", start, ref, alt, None) for alt in alts]
    return codes(placed, start, ref, alts, keys)


@pytest.mark.parametrize(
    ("site", "record", "copies", "exact"),
    [
        ((5, "A", "G"), (5, "A", "G"), [0, 1], True),
        ((5, "A", "G"), (5, "A", "C", "G"), [0, 0, 1], True),
        ((5, "A", "G"), (5, "A", "C"), [0, 0], False),
        ((5, "A", "G"), (5, "G", "A"), [1, 0], True),  # swapped
        ((5, "A", "G"), (5, "T", "C"), [0, 1], True),  # the other strand
        ((5, "A", "G"), (4, "CAT", "CGT", "C", "*", "<X>"), [0, 1, 0, 0, UNKNOWN], True),
        ((5, "A", "G"), (5, "AT", "A"), [0, 0], False),
        ((5, "AC", "GT"), (5, "A", "G"), [UNKNOWN, UNKNOWN], False),
        ((5, "A", "AT"), (5, "A", "AT", "ATT"), [0, 1, 0], True),
        ((5, "A", "AT"), (5, "AC", "ATC"), [0, 1], True),
        ((5, "AT", "A"), (5, "A", "AT"), [1, 0], True),
        ((5, "A", "AT"), (5, "A", "<NON_REF>"), [0, UNKNOWN], False),
    ],
)
def test_alleles_of_a_record(site, record, copies, exact):
    found = told(site, *record)
    assert (found.copies, found.exact) == (copies, exact)


def test_a_record_of_another_reference_says_nothing():
    (placed,) = place(Sites((Allele("c", 5, "A", "G"),)), None)
    placed.settle("A")
    assert codes(placed, 5, "C", ["T"], [None]) is None


def test_blocks():
    assert is_block(()) and is_block(("<*>",))
    assert not is_block(("A", "<*>"))

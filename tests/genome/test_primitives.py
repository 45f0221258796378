import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.genome.primitives import Edit, edit, primitives, to_allele
from seqmill.genome.variants import Allele

letters = st.text("ACGT", min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("allele", "wanted"),
    [
        ((5, "A", "T"), (5, 6, "T")),
        ((5, "AC", "A"), (6, 7, "")),
        ((5, "A", "AA"), (6, 6, "A")),
        ((5, "AAA", "AA"), (7, 8, "")),
        ((5, "GACT", "GTTT"), (6, 8, "TT")),
    ],
)
def test_edit(allele, wanted):
    assert edit(Allele("c", *allele)) == Edit(*wanted)


@pytest.mark.parametrize(
    ("ref", "alt", "parts"),
    [
        ("ACG", "TCA", [(10, 11, "T"), (12, 13, "A")]),
        ("A", "AGG", [(11, 11, "GG")]),
        ("ACGTACGT", "TCGTACG", [(10, 11, "T"), (17, 18, "")]),
        ("ACACAC", "ACAC", [(11, 13, "")]),
        ("CACAC", "CACACAC", [(11, 11, "AC")]),
        ("TAGAAAG", "CAGAAG", [(10, 11, "C"), (13, 14, "")]),
        ("CAAT", "GT", [(10, 12, ""), (12, 13, "G")]),
        ("AC", "GTTAC", [(10, 10, "GTT")]),
        ("ACGGGT", "TCGGGGT", [(10, 11, "T"), (12, 12, "G")]),
    ],
)
def test_blocks_by_hand(ref, alt, parts):
    assert primitives(Allele("c", 10, ref, alt)) == [Edit(*part) for part in parts]


@given(letters, letters)
def test_the_parts_spell_the_whole_and_none_is_complex(ref, alt):
    parts = primitives(Allele("c", 0, ref, alt)) if ref != alt else []
    spelt, position = "", 0
    for start, end, bases in parts:
        assert start >= position
        assert start == end or not bases or (len(bases) == end - start == 1 and bases != ref[start])
        spelt += ref[position:start] + bases
        position = end
    assert spelt + ref[position:] == alt


def test_a_block_too_long_to_align_stays_whole():
    whole = Allele("c", 0, "A" + "CG" * 150, "TG" * 150)
    assert primitives(whole) == [edit(whole)]


def test_to_allele_normalises(make_reference):
    assert to_allele("c", Edit(6, 8, ""), make_reference(c="GCACACACAT")) == Allele("c", 0, "GCA", "G")

"""Identifiers are found whole, in any case, across pieces; none is ever told."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.errors import InputError
from seqmill.privacy.identifiers import Identifiers, read_identifiers

MARK = Identifiers({1: "Mark", 2: "MRN-447", 3: "Mary Major", 4: "Zoë Ångström"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("patient mark, male", {1}),
        ("MARK_1.bam", {1}),
        ("markdup and benchmark", set()),
        ("mark1", {1}),
        ("mrn-447", {2}),
        ("MRN-4471", set()),
        ("xMRN-447x", set()),
        ("MRN-447x 9MRN-447", {2}),
        ("MARY MAJOR and Mark", {1, 3}),
        ("ZOË ÅNGSTRÖM", {4}),
        ("zoë ångström", {4}),
        ("", set()),
    ],
)
def test_where_an_identifier_is(text, found):
    assert MARK.within(text.encode()) == found


SHORT = Identifiers({1: "4711", 2: "4711001"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("record 4711, id_4711", {1}),
        ("4711.", {1}),
        ("a score of 0.4711 or 4711.5", set()),
        ("a checksum: ab4711cd", set()),
        ("47110", set()),
        ("MRN4711001x", {2}),
    ],
)
def test_few_digits_are_found_only_where_they_are_all_of_a_word(text, found):
    assert SHORT.within(text.encode()) == found
    assert SHORT.within_pieces(bytes([byte]) for byte in text.encode()) == found


@given(
    before=st.binary(max_size=40), after=st.binary(max_size=40), cuts=st.lists(st.integers(0, 60), max_size=6)
)
def test_pieces_hide_nothing(before, after, cuts):
    text = before + b" mary major " + after
    ends = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    pieces = [text[begin:end] for begin, end in pairwise(ends)]
    assert MARK.within_pieces(pieces) >= {3}


@given(st.lists(st.integers(0, 90), max_size=6))
def test_pieces_make_no_identifier_of_a_longer_word(cuts):
    text = b"benchmarks of markdup: " * 4
    ends = sorted({*cuts, 0, len(text)})
    assert MARK.within_pieces(text[begin:end] for begin, end in pairwise(ends)) == set()


def test_names_are_masked_and_told_by_their_line():
    assert MARK.masked("results/MARK/mary major.bam") == "results/***/***.bam"
    assert MARK.told(3) == "line 3 (**********)"


def test_a_list_on_disk(tmp_path):
    (tmp_path / "list.txt").write_text("# cohort\n\nMark\n MRN-447 \n")
    found = read_identifiers(tmp_path / "list.txt")
    assert len(found) == 2 and found.within(b"mark mrn-447") == {3, 4}


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "no identifier"), (b"Mark\nAda\n", "line 2: found 3 characters"), (b"M\xff\xfeark", "UTF-8")],
)
def test_a_list_that_cannot_be_used(tmp_path, content, said):
    (tmp_path / "list.txt").write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        read_identifiers(tmp_path / "list.txt")
    assert "Ada" not in str(caught.value)
    with pytest.raises(InputError, match="no such list"):
        read_identifiers(tmp_path / "none.txt")

"""Alleles over all places where they could be written, against trying every place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.interpretation.alleles import justified
from tests.interpretation.genomes import Genome


@pytest.mark.parametrize(
    ("sequence", "start", "ref", "alt", "found"),
    [
        ("GATTTC", 1, "A", "C", (1, 2, "C")),
        ("GATTTC", 1, "AT", "CG", (1, 3, "CG")),
        ("GATTTC", 1, "A", "AT", (2, 5, "TTTT")),
        ("GATTTC", 4, "T", "TT", (2, 5, "TTTT")),
        ("GATTTC", 1, "AT", "A", (2, 5, "TT")),
        ("GATTTC", 3, "TT", "T", (2, 5, "TT")),
        ("GATTTC", 0, "GA", "GCA", (1, 1, "C")),
        ("GCACACT", 1, "CA", "", (1, 6, "CAC")),
        ("GATTTC", 2, "T", "T", (2, 3, "T")),
    ],
)
def test_known_alleles(sequence: str, start: int, ref: str, alt: str, found: tuple):
    assert justified("c", start, ref, alt, Genome(sequence))[1:] == found


@given(st.text("AC", min_size=3, max_size=12), st.data())
def test_a_deletion_or_insertion_spans_every_place_where_it_could_be_written(middle: str, data):
    sequence = f"GT{middle}TG"
    start = data.draw(st.integers(2, len(sequence) - 3))
    size = data.draw(st.integers(1, 3))
    deletes = data.draw(st.booleans()) and start + size <= len(sequence) - 2
    added = "" if deletes else data.draw(st.text("AC", min_size=size, max_size=size))
    end = start + size if deletes else start
    haplotype = sequence[:start] + added + sequence[end:]
    length = size if deletes else 0
    places = [
        (at, at + length)
        for at in range(1, len(sequence) - length)
        if haplotype.startswith(sequence[:at])
        and haplotype.endswith(sequence[at + length :])
        and len(haplotype) - at - (len(sequence) - at - length) >= 0
    ]
    anchor = sequence[start - 1]
    found = justified("c", start - 1, anchor + sequence[start:end], anchor + added, Genome(sequence))
    assert (found.start, found.end) == (min(a for a, _ in places), max(b for _, b in places))
    assert sequence[: found.start] + found.bases + sequence[found.end :] == haplotype

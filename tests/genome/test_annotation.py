"""Transcripts by hand, on both strands, and the properties of introns."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from seqmill.genome.annotation import Annotation, Gene, Intron, SpliceSite, Transcript, merged, splice_sites

FORWARD = Transcript("t1", "g", "c", "+", ((10, 20), (30, 35), (50, 60)))
SHORT = Transcript("t2", "g", "c", "+", ((15, 20), (30, 40)))
REVERSE = Transcript("t3", "h", "c", "-", ((100, 110), (150, 170)))
ANNOTATION = Annotation((Gene("g", "G1", "", (FORWARD, SHORT)), Gene("h", "", "", (REVERSE,))))

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)).map(lambda t: (t[0], sum(t))), max_size=9)


def test_starts_of_transcription_are_the_first_base_transcribed():
    assert [t.tss for t in ANNOTATION.transcripts] == [10, 15, 169]
    assert [gene.tss for gene in ANNOTATION.genes] == [10, 169]
    assert [(gene.start, gene.end) for gene in ANNOTATION.genes] == [(10, 60), (100, 170)]


def test_a_gene_has_the_union_of_the_exons():
    assert ANNOTATION.genes[0].exons == ((10, 20), (30, 40), (50, 60))


def test_introns_are_distinct_and_their_sites_stand_on_intronic_bases():
    assert ANNOTATION.introns == (
        Intron("c", 20, 30, "+"),
        Intron("c", 35, 50, "+"),
        Intron("c", 110, 150, "-"),
    )
    assert splice_sites(ANNOTATION.introns) == (
        SpliceSite("c", 20, "+", "donor"),
        SpliceSite("c", 29, "+", "acceptor"),
        SpliceSite("c", 35, "+", "donor"),
        SpliceSite("c", 49, "+", "acceptor"),
        SpliceSite("c", 110, "-", "acceptor"),
        SpliceSite("c", 149, "-", "donor"),
    )


@given(spans)
def test_merged_spans_hold_the_union(drawn):
    found = merged(drawn)
    assert {p for start, end in found for p in range(start, end)} == {
        p for start, end in drawn for p in range(start, end)
    }
    assert all(left[1] < right[0] for left, right in pairwise(found))

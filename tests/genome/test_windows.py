import pytest

from seqmill.genome.primitives import Edit
from seqmill.genome.variants import Allele, Variant
from seqmill.genome.windows import carried, reach, windows

SEQUENCE = "GATCGTCATTTTTTACGCACACACATGG" + "ACGT" * 60


@pytest.mark.parametrize(
    ("allele", "end"),
    [
        ((1, "A", "T"), 2),
        ((1, "AT", "GG"), 3),
        ((7, "AT", "A"), 14),
        ((7, "ATTT", "A"), 14),
        ((7, "A", "ATT"), 14),
        ((16, "GCA", "G"), 25),
        ((16, "G", "GCAC"), 20),
        ((27, "GACGT", "G"), len(SEQUENCE)),
    ],
)
def test_reach(make_reference, allele, end):
    assert reach(Allele("c", *allele), make_reference(c=SEQUENCE)) == end


def test_windows_by_hand(make_reference):
    reference = make_reference(c=SEQUENCE, d=SEQUENCE)
    left = [Allele("c", 1, "A", "T"), Allele("c", 7, "AT", "A"), Allele("d", 1, "A", "T")]
    right = [Allele("c", 18, "A", "T"), Allele("c", 24, "A", "T"), Allele("c", 100, "A", "T")]
    found = list(windows(left, right, reference, gap=5))
    assert [(w.contig, w.start, w.end, w.left, w.right) for w in found] == [
        ("c", 1, 2, (0,), ()),
        ("c", 7, 19, (1,), (0,)),
        ("c", 24, 25, (), (1,)),
        ("c", 100, 101, (), (2,)),
        ("d", 1, 2, (2,), ()),
    ]
    assert len(list(windows(left, right, reference, gap=50))) == 3
    assert list(windows([], [], reference)) == []


def test_carried_keeps_where_a_record_wrote_it_and_adds_copies(make_reference):
    rows = [
        Variant("c", 12, "TT", ("T",), (0, 1), quality=5.0),
        Variant("c", 1, "A", ("T",), (0, 1), quality=None),
        Variant("c", 1, "AT", ("TT",), (1, 1), quality=7.0),
        Variant("c", 3, "C", ("*", "<DEL>", "G"), (1, 2)),
        Variant("c", 4, "G", ("A",), None),
    ]
    found = carried(rows, make_reference(c=SEQUENCE))
    assert [(str(one.allele), one.edit, one.copies, one.quality) for one in found] == [
        ("c:2 A>T", Edit(1, 2, "T"), 2, 7.0),
        ("c:8 AT>A", Edit(13, 14, ""), 1, 5.0),
    ]

"""Windows by hand, and every filter with its count."""

import pytest

from seqmill.errors import InputError
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.regions import Point, Window, windows_around

BASES = "ACGTACGTNNACGTACGTAC"


def test_the_strand_turns_the_window(make_reference):
    points = [Point("c", 4, "+", "f"), Point("c", 4, "-", "r"), Point("c", 4)]
    found = windows_around(points, make_reference(c=BASES), upstream=3, downstream=2)
    assert found.kept == (Window("c", 1, 6, "+", "f"), Window("c", 3, 8, "-", "r"), Window("c", 1, 6))
    assert not any(found.removed.values())


@pytest.mark.parametrize("strand", ["+", "-", "."])
@pytest.mark.parametrize(("upstream", "downstream"), [(0, 1), (1, 0), (7, 3), (0, 9)])
def test_bases_are_counted_along_the_strand(make_reference, strand, upstream, downstream):
    reference = make_reference(c="ACGT" * 20)
    found = windows_around([Point("c", 40, strand)], reference, upstream=upstream, downstream=downstream)
    sense = -1 if strand == "-" else 1
    expected = {40 + sense * k for k in range(-upstream, downstream)}
    assert set(range(found.kept[0].start, found.kept[0].end)) == expected


def test_each_filter_counts_what_it_removes(make_reference):
    points = [Point(*place) for place in [("c", 1), ("c", 18), ("d", 5), ("c", 8), ("c", 5), ("c", 14)]]
    found = windows_around(
        points,
        make_reference(c=BASES),
        upstream=2,
        downstream=3,
        masks=[Regions([Interval("c", 16, 18)]), Regions([Interval("x", 0, 9)])],
    )
    assert found.kept == (Window("c", 3, 8),)
    assert found.removed == {"unknown_contig": 1, "past_end": 2, "unknown_bases": 1, "masked": 1}
    assert len(found.kept) + sum(found.removed.values()) == len(points)


@pytest.mark.parametrize(("share", "kept"), [(0.4, 1), (0.39, 0)])
def test_some_unknown_bases_may_be_allowed(make_reference, share, kept):
    found = windows_around(
        [Point("c", 8)], make_reference(c=BASES), upstream=2, downstream=3, max_unknown=share
    )
    assert (len(found.kept), found.removed["unknown_bases"]) == (kept, 1 - kept)


def test_an_empty_window_is_refused(make_reference):
    with pytest.raises(InputError, match="wanted at least one in all"):
        windows_around([], make_reference(c=BASES), upstream=0, downstream=0)

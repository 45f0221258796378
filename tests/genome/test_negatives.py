"""Negatives of the GC content of positives, none where it may not be."""

from collections import Counter

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.negatives import gc_matched_negatives

SIZE = 50


def contig(seed: int, length: int = 30_000) -> str:
    """Bases whose GC content swings between 0.2 and 0.8."""
    draw = np.random.default_rng(seed)
    share = 0.5 + 0.3 * np.sin(np.arange(length) / 700)
    strong = draw.random(length) < share
    return "".join(np.where(strong, draw.choice(list("GC"), length), draw.choice(list("AT"), length)))


@pytest.fixture
def reference(make_reference):
    bases = contig(1)
    return make_reference(a=bases[:9000] + "N" * 500 + bases[9500:], b=contig(2), c=contig(3))


@pytest.fixture
def positives():
    draw = np.random.default_rng(4)
    places = [("ab"[k % 3 == 0], int(start)) for k, start in enumerate(draw.integers(0, 8000, 60))]
    return [Interval(name, start, start + SIZE) for name, start in places]


def binned(windows, reference, bins=50):
    """Count windows by contig and bin of GC content, base by base."""
    found = Counter()
    for window in windows:
        bases = reference.fetch(window.contig, window.start, window.end)
        share = sum(base in "GC" for base in bases) / len(bases)
        found[window.contig, min(int(share * bins), bins - 1)] += 1
    return found


@pytest.mark.parametrize("ratio", [1, 2])
def test_the_histogram_is_that_of_the_positives(reference, positives, ratio):
    found = gc_matched_negatives(positives, reference, seed=1, ratio=ratio)
    goal, drawn = binned(positives, reference), binned(found.windows, reference)
    assert all(drawn[key] <= ratio * goal[key] for key in drawn)
    assert sum(drawn.values()) >= 0.9 * found.wanted == 0.9 * ratio * len(positives)


def test_no_negative_lies_where_it_may_not(reference, positives):
    excluded = Regions([Interval("b", 10_000, 20_000)])
    found = gc_matched_negatives(positives, reference, seed=1, ratio=3, excluded=excluded)
    taken = Regions([*positives, *excluded])
    assert found.windows and all(len(window) == SIZE for window in found.windows)
    for window in found.windows:
        assert not taken.overlaps(window.contig, window.start, window.end)
        assert "N" not in reference.fetch(window.contig, window.start, window.end)
    assert Regions(found.windows).size == SIZE * len(found.windows)
    assert found.dropped["unknown_bases"] in (10, 11)
    without = gc_matched_negatives(positives, reference, seed=1, ratio=3)
    assert found.dropped["excluded"] - without.dropped["excluded"] in range(199, 202)


def test_the_seed_alone_decides(reference, positives):
    first = gc_matched_negatives(positives, reference, seed=1)
    assert first == gc_matched_negatives(positives[::-1], reference, seed=1)
    assert first.windows != gc_matched_negatives(positives, reference, seed=2).windows
    assert {window.contig for window in first.windows} == {"a", "b"}


def test_what_cannot_be_matched_is_missing(make_reference):
    reference = make_reference(a="GC" * 25 + "AT" * 500)
    found = gc_matched_negatives([Interval("a", 0, 50)], reference, seed=1)
    assert (found.windows, found.wanted) == ((), 1)


@pytest.mark.parametrize(
    ("windows", "message"),
    [
        ([], "found none"),
        ([Interval("a", 0, 9), Interval("a", 0, 5)], "lengths from 5 to 9"),
        ([Interval("z", 0, 9)], "z:0-9.*no such contig"),
        ([Interval("a", 29_999, 30_008)], "leaves the contig"),
    ],
)
def test_bad_positives_are_refused(reference, windows, message):
    with pytest.raises(InputError, match=message):
        gc_matched_negatives(windows, reference, seed=1)

"""Windows around sites, by hand."""

import numpy as np
import pytest

from seqmill.applications.methylation.spec import Options
from seqmill.applications.methylation.windows import (
    carries,
    contexts_of,
    in_contexts,
    inside,
    is_known,
    windows_at,
)
from seqmill.genome.bases import codes_of, sequence_of
from seqmill.genome.reference import Reference

OPTIONS = Options(window=5, marks=("5mC", "6mA"))


@pytest.fixture
def reference(tmp_path):
    (tmp_path / "r.fa").write_text(">c\nACCGTTGCAN\n")
    with Reference(tmp_path / "r.fa") as reference:
        yield reference


def test_windows_are_read_on_their_strand(reference):
    position, strand = np.array([2, 3, 6]), np.array([1, -1, -1], np.int8)
    found = windows_at(reference, "c", position, strand, OPTIONS)
    assert [sequence_of(row) for row in found] == ["ACCGT", "AACGG", "TGCAA"]
    assert carries(found, OPTIONS).tolist() == [[True, False]] * 3
    assert windows_at(reference, "c", position[:0], strand[:0], OPTIONS).shape == (0, 5)


def test_inside_leaves_half_a_window_at_either_end():
    assert inside(np.arange(10), 10, OPTIONS).nonzero()[0].tolist() == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("window", "context"),
    [("AACGA", 0), ("AACAG", 1), ("AACGG", 0), ("AACAT", 2), ("AACNN", 2), ("AAAGG", -1)],
)
def test_contexts(window, context):
    assert contexts_of(codes_of(window)[None]).tolist() == [context]


def test_other_bases_than_cytosines_are_sites_anywhere():
    rows = np.stack([codes_of(text) for text in ("AACGA", "AACAG", "AACAT", "AAATT")])
    chosen = Options(window=5, contexts=("CHG",))
    assert in_contexts(rows, chosen).tolist() == [False, True, False, True]


def test_a_tenth_of_a_window_may_be_unknown():
    rows = np.zeros((2, 21), np.uint8)
    rows[0, :2], rows[1, :3] = 4, 4
    assert is_known(rows).tolist() == [True, False]

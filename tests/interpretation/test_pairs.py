"""Windows with and without a change."""

from dataclasses import dataclass

import pytest

from seqmill.genome.bases import codes_of, sequence_of
from seqmill.interpretation.alleles import Change
from seqmill.interpretation.pairs import OVER_END, TOO_LONG, UNKNOWN, pairs_of

SEQUENCE = "AACCGGTTACGATTCAGGCATCGATTACGGATCC"


@dataclass
class Genome:
    sequence: str = SEQUENCE

    @property
    def contigs(self) -> dict[str, int]:
        return {"c": len(self.sequence)}

    def codes(self, contig: str, start: int, end: int):
        return codes_of(self.sequence[start:end])


def middle(change: Change, length: int, genome: Genome | None = None) -> list[tuple[str, str]]:
    found = pairs_of(change, genome or Genome(), length)
    assert not isinstance(found, str)
    return [(sequence_of(one.reference), sequence_of(one.alternative)) for one in found if one.move == 0]


def test_a_substitution_stands_in_the_middle_of_an_odd_window():
    changed = SEQUENCE[10:15] + "A" + SEQUENCE[16:21]
    assert middle(Change("c", 15, 16, "A"), 11) == [(SEQUENCE[10:21], changed)] * 2


def test_an_even_window_leans_to_either_side():
    assert [one for one, _ in middle(Change("c", 15, 16, "A"), 10)] == [SEQUENCE[11:21], SEQUENCE[10:20]]


def test_an_insertion_fixes_one_side_and_then_the_other():
    left, right = middle(Change("c", 16, 16, "TTT"), 11)
    assert left == (SEQUENCE[12:23], SEQUENCE[12:16] + "TTT" + SEQUENCE[16:20])
    assert right == (SEQUENCE[9:20], SEQUENCE[12:16] + "TTT" + SEQUENCE[16:20])


def test_windows_move_by_eighths_to_both_sides():
    found = pairs_of(Change("c", 17, 18, "A"), Genome(), 16)
    assert [one.move for one in found] == [0, 0, -2, -2, -1, -1, 1, 1, 2, 2]
    places = {one.move: SEQUENCE.index(sequence_of(one.reference)) for one in found[::2]}
    assert places == {0: 10, -2: 6, -1: 8, 1: 12, 2: 14}


def test_what_has_no_windows_is_told():
    assert pairs_of(Change("c", 4, 5, "A"), Genome(), 11) == OVER_END
    assert pairs_of(Change("c", 30, 31, "A"), Genome(), 11) == OVER_END
    assert pairs_of(Change("c", 15, 16, "ACGTAC"), Genome(), 11) == TOO_LONG
    assert pairs_of(Change("c", 15, 16, "N"), Genome(), 11) == UNKNOWN
    hidden = Genome(SEQUENCE[:12] + "NN" + SEQUENCE[14:])
    assert pairs_of(Change("c", 15, 16, "A"), hidden, 11) == UNKNOWN


def test_moved_windows_that_leave_the_contig_are_left_out():
    found = pairs_of(Change("c", 8, 9, "C"), Genome(), 16)
    assert {one.move for one in found} == {0, 1, 2}


@pytest.mark.parametrize("length", [10, 11])
def test_the_reference_side_of_no_change_is_the_other_side(length: int):
    assert all(one == other for one, other in middle(Change("c", 15, 17, SEQUENCE[15:17]), length))

"""One-hot DNA, its other strand, middle, moves and mutations, by hand."""

import pytest
import torch

from seqmill.models.sequence import middle_of, mutated, one_hot, reverse_complement, shifted

CODES = torch.tensor([[0, 1, 2, 3, 4, 255]], dtype=torch.uint8)


def test_bases_become_columns_and_what_is_none_becomes_nothing():
    expected = torch.zeros(1, 4, 6)
    expected[0, range(4), range(4)] = 1
    assert torch.equal(one_hot(CODES), expected)


def test_the_other_strand_of_aacg_is_cgtt():
    forward = one_hot(torch.tensor([[0, 0, 1, 2]], dtype=torch.uint8))
    backward = one_hot(torch.tensor([[1, 2, 3, 3]], dtype=torch.uint8))
    assert torch.equal(reverse_complement(forward), backward)


@pytest.mark.parametrize(("length", "first"), [(6, 0), (4, 1), (3, 1), (1, 2)])
def test_the_middle(length, first):
    x = torch.arange(6.0).expand(2, 4, 6)
    assert torch.equal(middle_of(x, length), x[..., first : first + length])


def test_no_middle_is_longer_than_the_sequence():
    with pytest.raises(ValueError, match="sequences of 6 bases found, at least 7 wanted"):
        middle_of(torch.zeros(1, 4, 6), 7)


def test_a_share_of_the_known_bases_is_changed():
    torch.manual_seed(1)
    given = torch.randint(4, (400, 30), dtype=torch.uint8)
    given[:, 5] = 4
    found = mutated(given, 0.1)
    changed = found != given
    assert not changed[:, 5].any()
    assert 0.09 < changed.float().mean() * 30 / 29 < 0.11
    assert found.max() == 4 and (found[:, :5] < 4).all()
    steps = ((found.int() - given.int()) % 4)[changed]
    assert torch.bincount(steps)[1:].min() > 0.28 * changed.sum()  # each of the three others


def test_shifted_sequences_are_the_same_bases_elsewhere():
    torch.manual_seed(1)
    given = torch.randint(4, (200, 30), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)
    found, seen = shifted(given, 3), set()
    for old, new in zip(given, found, strict=True):
        (moved,) = [
            by
            for by in range(-3, 4)
            if torch.equal(new[max(0, -by) : 30 - max(0, by)], old[max(0, by) : 30 - max(0, -by)])
        ]
        outside = torch.cat([new[: max(0, -moved)], new[30 - max(0, moved) :]])
        assert (outside == 4).all()
        seen.add(moved)
    assert seen == set(range(-3, 4))


def test_windows_move_as_far_as_allowed_and_unknown_bases_come_in():
    codes = torch.arange(12, dtype=torch.uint8)[None].repeat(200, 1) % 4
    torch.manual_seed(1)
    moves = set()
    for row in shifted(codes, 3):
        wanted = [
            move
            for move in range(-3, 4)
            if torch.equal(
                row, torch.tensor([at % 4 if 0 <= at < 12 else 4 for at in range(move, 12 + move)]).byte()
            )
        ]
        assert len(wanted) == 1
        moves.add(wanted[0])
    assert moves == set(range(-3, 4))

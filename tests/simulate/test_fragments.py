import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.simulate.fragments import draw_fragments
from seqmill.simulate.streams import stream


def draw(haplotypes, **changes):
    options = dict(depth=20.0, read_length=100, insert_mean=300.0, insert_sd=30.0, duplicate_rate=0.0)
    return draw_fragments(haplotypes, stream(1, "fragments"), **(options | changes))


def test_depth_counts_the_bases_of_both_mates_over_the_callable_length():
    codes = np.zeros(100_000, np.uint8)
    assert len(draw((codes, codes))) == 20 * 100_000 / 200
    codes[:50_000] = 4
    assert len(draw((codes, codes))) == 20 * 50_000 / 200


def test_fragments_lie_off_n_inside_and_on_both_haplotypes_and_strands():
    first, second = np.zeros(100_000, np.uint8), np.zeros(90_000, np.uint8)
    first[40_000:41_000] = second[10_000:30_000] = 4
    found = draw((first, second))
    for which, codes in enumerate((first, second)):
        mine = found.haplotype == which
        ends = found.start[mine] + found.length[mine]
        assert found.start[mine].min() >= 0 and ends.max() <= len(codes)
        assert not any((codes[a:b] == 4).any() for a, b in zip(found.start[mine], ends, strict=True))
    assert found.reverse.mean() == pytest.approx(0.5, abs=0.02)
    assert (found.haplotype == 0).mean() == pytest.approx(99_000 / 169_000, abs=0.02)


def test_insert_sizes_are_normal_and_never_shorter_than_a_read():
    codes = np.zeros(200_000, np.uint8)
    found = draw((codes, codes))
    assert found.length.mean() == pytest.approx(300, abs=1)
    assert found.length.std() == pytest.approx(30, abs=1)
    assert draw((codes, codes), insert_mean=120.0).length.min() == 120


def test_duplicates_come_on_top_and_copy_their_molecule():
    codes = np.zeros(100_000, np.uint8)
    found = draw((codes, codes), duplicate_rate=0.1)
    extra = len(found) - 10_000
    assert extra == pytest.approx(1000, abs=120)
    assert len(np.unique(found.molecule)) == 10_000
    order = np.argsort(found.molecule, kind="stable")
    twins = order[:-1][np.diff(found.molecule[order]) == 0], order[1:][np.diff(found.molecule[order]) == 0]
    for column in (found.start, found.length, found.haplotype, found.reverse):
        assert (column[twins[0]] == column[twins[1]]).all()


def test_no_room_between_n_is_an_error():
    codes = np.full(10_000, 4, np.uint8)
    codes[::200] = 0
    with pytest.raises(InputError, match=r"only 0 of \d+ fragments of about 300 bp fit"):
        draw((codes, codes), depth=1000.0)

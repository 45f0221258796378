"""The fold of a group hangs on group and key alone, and groups are spread evenly."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seqmill.profiles.folds import fold_of, group_of

WORDS = st.text(st.characters(blacklist_characters="\x1f", blacklist_categories=["Cs"]), min_size=1)


def test_groups_are_spread_over_all_folds():
    counts = np.bincount([fold_of(f"cell {n}", folds=10) for n in range(10_000)], minlength=10)
    assert len(counts) == 10
    assert ((counts > 850) & (counts < 1150)).all()  # 5 standard deviations of the binomial


def test_another_key_deals_anew():
    names = [f"cell {n}" for n in range(1000)]
    first, second = ([fold_of(name, folds=10, key=key) for name in names] for key in ("", "other"))
    same = np.mean(np.array(first) == second)
    assert 0.05 < same < 0.15


@given(st.lists(WORDS, min_size=1), st.lists(WORDS, min_size=1))
def test_only_the_same_parts_are_one_group(first, second):
    assert (group_of(first) == group_of(second)) == (first == second)

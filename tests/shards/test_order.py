import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seqmill.shards.order import example_id, order_key

MASK = 2**64 - 1
IDS = st.lists(st.integers(0, MASK), unique=True, max_size=50)


def splitmix64(state):
    """The published generator's output for a state, in plain integers."""
    z = (state + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def test_the_oracle_gives_the_published_first_outputs():
    states = [0, 0x9E3779B97F4A7C15, 2 * 0x9E3779B97F4A7C15 & MASK]
    assert [splitmix64(state) for state in states] == [
        0xE220A8397B1DCDAF,
        0x6E789E6AA1B965F4,
        0x06C45D188009454F,
    ]


@given(seed=st.integers(0, MASK), ids=IDS)
def test_the_key_is_splitmix64_of_the_id_offset_by_the_mixed_seed(seed, ids):
    found = order_key(seed, np.array(ids, np.uint64))
    assert found.tolist() == [splitmix64(one ^ splitmix64(seed)) for one in ids]


@given(seed=st.integers(0, MASK), ids=IDS)
def test_distinct_ids_never_tie(seed, ids):
    assert len(set(order_key(seed, np.array(ids, np.uint64)).tolist())) == len(ids)


def test_seeds_give_other_orders():
    ids = np.arange(100, dtype=np.uint64)
    assert not np.array_equal(np.argsort(order_key(1, ids)), np.argsort(order_key(2, ids)))


def test_an_id_is_stable():
    assert example_id("ada", "chr1", 17, "A", "AT") == 13337304878554233057


def test_an_id_tells_apart_where_one_part_ends_and_the_next_begins():
    assert len({example_id("ab", "c"), example_id("a", "bc"), example_id("abc"), example_id("abc", "")}) == 4


def test_ids_do_not_collide_over_many_examples():
    assert len({example_id("s", "c", start, alt) for start in range(20_000) for alt in "ACGT"}) == 80_000

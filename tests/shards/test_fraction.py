"""A share of a split hangs on the examples alone, and larger shares hold smaller ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.errors import InputError
from seqmill.shards.fraction import Fraction, in_fraction
from seqmill.shards.loader import Loader
from seqmill.shards.order import order_key


def examples(manifest, fraction, **changes):
    options = {"batch_size": 48, "seed": 3, "shuffle": True, "threads": 0, "block_groups": 4}
    loader = Loader(manifest, "train", fraction=fraction, **options | changes)
    batches = list(loader.epoch(1))
    assert len(batches) == len(loader)
    return batches


def ids(batches):
    return np.concatenate([batch["example_id"] for batch in batches])


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1), st.floats(1e-6, 1), st.floats(1e-6, 1))
def test_a_smaller_share_is_a_part_of_a_larger_one(found, one, other):
    some = np.array(found, np.uint64)
    small, large = in_fraction(some, min(one, other)), in_fraction(some, max(one, other))
    assert not (small & ~large).any()
    assert in_fraction(some, 1.0).all()


@pytest.mark.parametrize("fraction", [0.01, 0.2, 0.75])
def test_a_share_is_about_that_large_and_scattered_over_the_stored_order(fraction):
    some = np.random.default_rng(1).integers(0, 2**64, 40_000, np.uint64, endpoint=False)
    chosen = in_fraction(some, fraction)[np.argsort(order_key(7, some))]
    for half in np.split(chosen, 2):
        assert half.mean() == pytest.approx(fraction, abs=5 * np.sqrt(fraction * (1 - fraction) / 20_000))


@pytest.mark.parametrize(
    "changes", [{}, {"memory": True}, {"shuffle": False}, {"threads": 2}, {"batch_size": 7}]
)
@pytest.mark.parametrize("fraction", [0.02, 0.3, 1.0])
def test_an_epoch_gives_each_example_of_the_share_once_and_no_other(tmp_path, rows, build, fraction, changes):
    manifest = build(tmp_path, rows)
    every = np.array([row["example_id"] for row in rows if row["split"] == "train"], np.uint64)
    found = ids(examples(manifest, fraction, **changes))
    assert sorted(found.tolist()) == sorted(every[in_fraction(every, fraction)].tolist())
    assert Fraction(manifest, "train", fraction).rows.sum() == len(found)


def test_rows_keep_their_values(tmp_path, rows, build):
    manifest = build(tmp_path, rows)
    by_id = {row["example_id"]: row for row in rows}
    for batch in examples(manifest, 0.3):
        for i, identity in enumerate(batch["example_id"]):
            row = by_id[int(identity)]
            assert batch["start"][i] == row["start"] and batch["copies"][i] == row["copies"]
            assert batch["pileup"][i].tobytes() == row["pileup"].ljust(40, b"\0")


def test_the_share_does_not_hang_on_how_the_dataset_was_laid_down(tmp_path, rows, build):
    one = build(tmp_path / "one", rows)
    two = build(tmp_path / "two", rows, seed=99, rows_per_group=50)
    assert set(ids(examples(one, 0.2)).tolist()) == set(ids(examples(two, 0.2, seed=8)).tolist())


def test_ranks_share_the_share(tmp_path, rows, build):
    manifest = build(tmp_path, rows)
    whole = examples(manifest, 0.2)
    ranks = [examples(manifest, 0.2, rank=rank, world_size=2) for rank in range(2)]
    for batch, *parts in zip(whole, *ranks, strict=True):
        assert np.array_equal(batch["example_id"], ids(parts))


def test_a_share_without_examples_is_a_mistake(tmp_path, rows, build):
    with pytest.raises(
        InputError, match=r"a share of 1e-09 of the 800 examples of 'train' holds none; raise"
    ):
        Fraction(build(tmp_path, rows), "train", 1e-9)

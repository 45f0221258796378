"""Each person takes part by itself, at the same rate in every step, the same ones whenever asked."""

import numpy as np
import pytest
import torch

from seqmill.training.private.sampling import PoissonBatches

PERSONS = {"weight": np.ones(500, np.float32), "profile": np.arange(500, dtype=np.int32)}


def batches(*, seed=1, key=(5, 6), steps=10, rate=0.1):
    return PoissonBatches(PERSONS, rate=rate, steps=steps, seed=seed, key=key)


def test_everybody_takes_part_at_the_rate_and_apart_from_the_others():
    drawn = batches()
    there = np.zeros((2000, 500), bool)
    for step in range(2000):
        there[step, drawn.chosen(step)] = True
    assert abs(there.mean() - 0.1) < 4 * np.sqrt(0.09 / there.size)
    assert np.abs(there.mean(0) - 0.1).max() < 5 * np.sqrt(0.09 / 2000)
    assert there.sum(1).var() == pytest.approx(500 * 0.09, rel=0.15)  # of a binomial; fixed sizes have none
    after = (there[1:] & there[:-1]).mean()
    assert after == pytest.approx(0.01, rel=0.05)


def test_a_batch_is_a_function_of_key_seed_and_step():
    told = [one["profile"] for one in batches()]
    again = batches()
    assert all(torch.equal(*pair) for pair in zip(told, [one["profile"] for one in again], strict=True))
    assert again.state_dict() == {"epoch": 1, "batch": 0}
    late = batches()
    late.load_state_dict({"epoch": 0, "batch": 7})
    assert all(torch.equal(*pair) for pair in zip(told[7:], [one["profile"] for one in late], strict=True))
    for other in (batches(seed=2), batches(key=(5, 7)), batches(key=())):
        assert not np.array_equal(other.chosen(0), batches().chosen(0))


def test_epochs_differ():
    drawn = batches(steps=3)
    first, second = ([one["profile"].tolist() for one in drawn] for _ in range(2))
    assert len(first) == len(second) == len(drawn) == 3 and first != second


def test_a_batch_without_anybody_is_drawn_again():
    assert all(len(batches(rate=1e-3).chosen(step)) > 0 for step in range(20))

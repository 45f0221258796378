"""Batches are tensors, come in the loader's order, and go on where they stopped."""

from itertools import chain

import numpy as np
import pytest
import torch

from seqmill.shards.loader import Loader
from seqmill.shards.ring import Ring
from seqmill.training.data import Batches, ShardData, training_rows


@pytest.fixture
def make(manifest):
    def batches(world_size=1, rank=0, batch_size=16):
        loader = Loader(
            manifest,
            "train",
            batch_size=batch_size,
            seed=1,
            shuffle=True,
            world_size=world_size,
            rank=rank,
            threads=0,
        )
        return Batches(loader, world_size)

    return batches


def ids(batches):
    return [batch["example_id"].tolist() for batch in batches]


def test_tensors_have_the_types_of_the_columns_and_strings_stay_away(make):
    first = next(iter(make()))
    assert first["payload"].dtype == torch.uint8 and first["payload"].shape == (16, 8)
    assert first["heavy"].dtype == torch.int8 and first["heavy"].shape == (16,)
    assert first["weight"].dtype == torch.float32
    assert "sample" not in first


def test_each_epoch_has_every_example_once_in_another_order(make):
    batches = make()
    first, second = ids(batches), ids(batches)
    assert len(batches) == len(first) == 6
    assert sorted(chain(*first)) == sorted(chain(*second))
    assert len(set(chain(*first))) == 90
    assert first != second


@pytest.mark.parametrize("taken", range(13))
def test_going_on_gives_what_would_have_come(make, taken):
    whole = make()
    expected = ids(whole) + ids(whole) + ids(whole)

    stopped = make()
    for _ in range(taken // 6):
        ids(stopped)
    if taken % 6:
        iterator = iter(stopped)
        for _ in range(taken % 6):
            next(iterator)
    resumed = make()
    resumed.load_state_dict(stopped.state_dict())
    rest = ids(resumed)
    assert rest == expected[taken : 6 * (taken // 6 + 1)]


def test_preparing_reads_what_comes_next_and_changes_nothing(make):
    expected, batches = ids(make()), make()
    batches.prepare()
    assert ids(batches) == expected
    assert batches.state_dict() == {"epoch": 1, "batch": 0}
    batches.prepare()
    assert ids(batches) != expected


def test_a_full_epoch_points_to_the_next(make):
    batches = make()
    iterator = iter(batches)
    for _ in range(6):
        next(iterator)
    assert batches.state_dict() == {"epoch": 1, "batch": 0}


def test_ranks_share_each_batch(make):
    alone, first, second = make(), make(2, 0), make(2, 1)
    for whole, a, b in zip(ids(alone), ids(first), ids(second), strict=True):
        assert a + b == whole


def test_a_last_batch_too_small_for_all_ranks_comes_whole_to_each_and_counts_once(make):
    whole = list(make(batch_size=88))
    ranks = [list(make(world_size=4, rank=rank, batch_size=88)) for rank in range(4)]
    assert [len(batch["weight"]) for batch in whole] == [88, 2]
    for batches in ranks:
        assert torch.equal(batches[1]["example_id"], whole[1]["example_id"])
        assert batches[1]["weight"].tolist() == [0.25, 0.25]
    assert sum(batches[0]["weight"].sum() for batches in ranks) == 88


def test_a_share_is_of_the_training_examples_alone(manifest):
    data = ShardData(manifest, batch_size=16, seed=1, threads=0, train_fraction=0.3)
    found = list(chain(*ids(data.train_dataloader())))
    assert 9 < len(found) < 60 and len(found) == len(set(found)) == training_rows(manifest, 0.3)
    assert training_rows(manifest, 1.0) == 90
    assert sum(len(batch["start"]) for batch in data.val_dataloader()) == 40


def test_validation_comes_in_stored_order(manifest):
    data = ShardData(manifest, batch_size=16, seed=1, threads=0)
    starts = np.concatenate([batch["start"].numpy() for batch in data.val_dataloader()])
    again = np.concatenate([batch["start"].numpy() for batch in data.val_dataloader()])
    assert sorted(starts) == list(range(40))
    assert (starts == again).all()


def test_the_position_is_part_of_the_state(manifest):
    data = ShardData(manifest, batch_size=16, seed=1, threads=0)
    assert data.state_dict() == {"epoch": 0, "batch": 0}
    iterator = iter(data.train_dataloader())
    expected = [next(iterator)["example_id"].tolist() for _ in range(3)][-1]
    other = ShardData(manifest, batch_size=16, seed=1, threads=0)
    other.load_state_dict({"epoch": 0, "batch": 2})
    assert next(iter(other.train_dataloader()))["example_id"].tolist() == expected
    assert data.state_dict() == other.state_dict() == {"epoch": 0, "batch": 3}


def test_a_batch_is_held_until_the_gpu_has_copied_it(manifest, monkeypatch):
    asked = []

    class Event:
        def record(self):
            asked.append("record")

        def synchronize(self):
            asked.append("wait")

    monkeypatch.setattr(torch.cuda, "Event", Event)
    ring = Ring(2)
    loader = Loader(manifest, "train", batch_size=16, seed=1, shuffle=True, threads=0, ring=ring)
    taken = [batch["example_id"].clone() for batch in Batches(loader, ring=ring)]
    assert asked == ["record", "record", *["wait", "record"] * 4]
    alone = Loader(manifest, "train", batch_size=16, seed=1, shuffle=True, threads=0)
    assert all(map(torch.equal, taken, (batch["example_id"] for batch in Batches(alone))))


def test_waiting_is_added_up(make):
    batches = make()
    assert batches.waited == 0
    ids(batches)
    assert batches.waited > 0

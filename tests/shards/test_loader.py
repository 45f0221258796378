import hashlib
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqmill.errors import InputError
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.shards.ring import Ring
from seqmill.shards.row_groups import RowGroups


@pytest.fixture
def manifest(tmp_path, rows, build) -> Manifest:
    return build(tmp_path, rows)


def load(manifest, split="train", **changes):
    options = {"batch_size": 48, "seed": 3, "shuffle": True, "threads": 0, "block_groups": 4}
    return Loader(manifest, split, **options | changes)


def ids(batches):
    return np.concatenate([batch["example_id"] for batch in batches])


def digest(batches):
    content = hashlib.sha256()
    for batch in batches:
        for name in sorted(batch):
            content.update(f"{name}{batch[name].shape}{batch[name].dtype}".encode())
            content.update(np.ascontiguousarray(batch[name]).tobytes())
    return content.hexdigest()


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("batch_size", [1, 7, 48, 800, 5000])
def test_each_example_comes_once_an_epoch(manifest, rows, shuffle, batch_size):
    loader = load(manifest, shuffle=shuffle, batch_size=batch_size)
    batches = list(loader.epoch(2))
    wanted = Counter(row["example_id"] for row in rows if row["split"] == "train")
    assert Counter(ids(batches).tolist()) == wanted
    assert len(batches) == len(loader) == -(-800 // batch_size)
    assert all(len(batch["start"]) == batch_size for batch in batches[:-1])


def test_values_are_those_of_the_rows(manifest, rows):
    by_id = {row["example_id"]: row for row in rows}
    names = [column.name for column in manifest.encoding.all_columns]
    for batch in load(manifest, columns=names).epoch(0):
        assert list(batch) == names
        for i, identity in enumerate(batch["example_id"]):
            row = by_id[int(identity)]
            for name in ("sample", "contig", "split", "allele", "start", "end", "weight", "copies"):
                assert batch[name][i] == row[name]
            assert batch["bits"][i].tobytes() == row["bits"]
            assert batch["pileup"][i].tobytes() == row["pileup"].ljust(40, b"\0")


def test_shapes_and_types(manifest):
    batch = next(load(manifest).epoch(0))
    shapes = {name: (array.dtype.name, array.shape) for name, array in batch.items()}
    assert shapes == {
        "example_id": ("uint64", (48,)),
        "start": ("int32", (48,)),
        "end": ("int32", (48,)),
        "weight": ("float32", (48,)),
        "copies": ("int8", (48,)),
        "bits": ("uint8", (48, 6)),
        "pileup": ("uint8", (48, 40)),
    }


def test_without_shuffle_the_order_is_the_stored_one(manifest):
    import pyarrow.parquet as pq

    stored = [
        pq.read_table(manifest.shard_path(shard))["example_id"].to_numpy()
        for shard in manifest.shards_of("train")
    ]
    for epoch in (0, 5):
        assert np.array_equal(ids(load(manifest, shuffle=False).epoch(epoch)), np.concatenate(stored))


def test_epochs_and_seeds_are_in_another_order(manifest):
    orders = [
        tuple(ids(load(manifest, seed=seed).epoch(epoch)).tolist()) for seed in (3, 4) for epoch in (0, 1)
    ]
    assert len(set(orders)) == 4


def test_another_dataset_is_in_another_order(tmp_path, rows, build):
    one = build(tmp_path / "one", rows)
    two = build(tmp_path / "two", rows, reference={"path": "ref.fa", "checksum": "22"})
    assert not np.array_equal(ids(load(one).epoch(0)), ids(load(two).epoch(0)))


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("memory", [True, False])
def test_batches_are_the_same_for_any_number_of_threads(manifest, shuffle, memory):
    found = {digest(load(manifest, shuffle=shuffle, threads=n, memory=memory).epoch(1)) for n in (0, 1, 4)}
    assert len(found) == 1


@pytest.mark.parametrize("batch_size", [3, 48])
@pytest.mark.parametrize("world_size", [1, 2, 4])
@pytest.mark.parametrize("memory", [True, False])
def test_slices_of_the_ranks_join_to_the_global_batch(manifest, batch_size, world_size, memory):
    options = {"batch_size": batch_size, "memory": memory}
    ranks = [
        list(load(manifest, rank=rank, world_size=world_size, **options).epoch(1))
        for rank in range(world_size)
    ]
    assert len({len(batches) for batches in ranks}) == 1
    for batch, *parts in zip(load(manifest, **options).epoch(1), *ranks, strict=True):
        if len(batch["weight"]) < world_size:  # too few for a slice each
            assert {digest([part]) for part in parts} == {digest([batch])}
        else:
            joined = {name: np.concatenate([part[name] for part in parts]) for name in batch}
            assert digest([joined]) == digest([batch])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.data(),
    shuffle=st.booleans(),
    threads=st.sampled_from([0, 2]),
    batch_size=st.integers(1, 300),
    memory=st.booleans(),
)
def test_an_epoch_goes_on_from_any_batch(manifest, data, shuffle, threads, batch_size, memory):
    loader = load(manifest, shuffle=shuffle, threads=threads, batch_size=batch_size, memory=memory)
    start = data.draw(st.integers(0, len(loader)))
    assert digest(loader.epoch(3, start)) == digest(list(loader.epoch(3))[start:])


@pytest.mark.parametrize("shuffle", [True, False])
def test_in_memory_each_example_comes_once_an_epoch(manifest, rows, shuffle):
    loader = load(manifest, shuffle=shuffle, memory=True)
    wanted = Counter(row["example_id"] for row in rows if row["split"] == "train")
    for epoch in (0, 1):
        assert Counter(ids(loader.epoch(epoch)).tolist()) == wanted


def test_in_memory_an_example_is_the_same_as_in_its_shard(manifest):
    def by_id(loader):
        return {
            int(batch["example_id"][i]): [batch[name][i].tobytes() for name in batch]
            for batch in loader.epoch(0)
            for i in range(len(batch["start"]))
        }

    assert by_id(load(manifest, memory=True)) == by_id(load(manifest))


def test_in_memory_rows_are_shuffled_over_the_whole_split(manifest):
    """A row's place in the stored order says nothing of its place in the epoch."""
    stored = ids(load(manifest, shuffle=False).epoch(0)).tolist()
    places = {identity: place for place, identity in enumerate(stored)}
    order = np.array([places[identity] for identity in ids(load(manifest, memory=True).epoch(0)).tolist()])
    assert abs(np.corrcoef(order, np.arange(len(order)))[0, 1]) < 0.12
    first = order[: len(order) // 10]
    assert np.ptp(first) > 0.9 * len(order)


def test_in_memory_without_shuffle_the_order_is_the_stored_one(manifest):
    wanted = digest(load(manifest, shuffle=False).epoch(0))
    assert digest(load(manifest, shuffle=False, memory=True).epoch(4)) == wanted


def test_in_memory_shards_are_read_once(manifest):
    loader = load(manifest, memory=True)
    wanted = digest(loader.epoch(1, 2))
    for shard in manifest.shards:
        manifest.shard_path(shard).unlink()
    assert digest(loader.epoch(1, 2)) == wanted


@pytest.mark.parametrize("memory", [True, False])
def test_a_ring_gives_the_same_batches(manifest, memory):
    ring = Ring(2)
    loader = load(manifest, memory=memory, ring=ring)
    wanted = digest(load(manifest, memory=memory).epoch(0))
    assert digest(loader.epoch(0)) == wanted
    assert digest(loader.epoch(0)) == wanted


def test_a_batch_of_a_ring_lasts_as_long_as_the_ring_says(manifest):
    fresh = [batch["example_id"].copy() for batch in load(manifest).epoch(0)]
    given = []
    for number, batch in enumerate(load(manifest, ring=Ring(3)).epoch(0)):
        given.append(batch["example_id"])
        for back in range(min(3, number + 1)):
            assert np.array_equal(given[-1 - back], fresh[number - back])
    assert not np.array_equal(given[0], fresh[0])


def test_going_on_decodes_only_what_is_left_of_a_block(manifest, monkeypatch):
    loader = load(manifest)
    read = []
    original = RowGroups.read
    monkeypatch.setattr(RowGroups, "read", lambda self, *args: read.append(args[:2]) or original(self, *args))
    next(loader.epoch(0, 11))
    assert 0 < len(read) <= 4


@pytest.mark.parametrize("threads", [0, 1, 4])
@pytest.mark.parametrize("memory", [True, False])
def test_preparing_changes_no_batch(manifest, threads, memory):
    loader = load(manifest, threads=threads, memory=memory)
    loader.prepare(0, 2)
    found = [digest(loader.epoch(0, 2, onward=True)), digest(loader.epoch(1, onward=True))]
    loader.prepare(5)
    found.append(digest(loader.epoch(4)))
    plain = load(manifest, memory=memory)
    assert found == [digest(plain.epoch(*place)) for place in ((0, 2), (1,), (4,))]


def test_the_block_that_was_prepared_is_read_once(manifest, monkeypatch):
    read = []
    original = RowGroups.read
    monkeypatch.setattr(RowGroups, "read", lambda self, *args: read.append(args[:2]) or original(self, *args))
    loader = load(manifest, threads=1)
    groups = sum(len(shard.row_groups) for shard in manifest.shards_of("train"))
    loader.prepare(0)
    list(loader.epoch(0, onward=True))
    next_epoch = loader.epoch(1)
    next(next_epoch)
    list(next_epoch)
    assert len(read) == 2 * groups


def test_nothing_is_prepared_without_threads_or_behind_the_last_batch(manifest, monkeypatch):
    monkeypatch.setattr(RowGroups, "read", lambda *_: pytest.fail("read"))
    load(manifest, threads=0).prepare(0)
    loader = load(manifest, threads=1)
    loader.prepare(0, len(loader))


def test_what_is_wrong_with_a_prepared_block_is_told_when_it_is_asked_for(manifest):
    shard = manifest.shards_of("train")[0]
    manifest.shard_path(shard).unlink()
    loader = load(manifest, threads=1, shuffle=False)
    loader.prepare(0)
    with pytest.raises(InputError, match=shard.name):
        next(loader.epoch(0))


def test_leaving_an_epoch_early_ends_its_threads(manifest):
    import threading

    batches = load(manifest, threads=3).epoch(0)
    next(batches)
    batches.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("seqmill-ahead")]


def test_a_shard_with_a_flipped_byte_is_named_when_read(manifest):
    shard = manifest.shards_of("train")[1]
    path = manifest.shard_path(shard)
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"{shard.name}.*damaged"):
        list(load(Manifest.load(manifest.path)).epoch(0))


def test_a_shard_of_another_dataset_is_named(tmp_path, rows, build, manifest):
    other = build(tmp_path / "other", rows, seed=8)
    shard = manifest.shards_of("train")[0]
    manifest.shard_path(shard).write_bytes((other.path.parent / shard.name).read_bytes())
    with pytest.raises(InputError, match=f"{shard.name}.*wanted"):
        list(load(manifest).epoch(0))


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"split": "trian"}, "did you mean 'train'"), ({"columns": ["pilup"]}, "did you mean 'pileup'")],
)
def test_misspelt_names_are_answered(manifest, changes, message):
    with pytest.raises(InputError, match=message):
        load(manifest, **changes)


@pytest.mark.parametrize("changes", [{"rank": 2, "world_size": 2}, {"batch_size": 0}, {"threads": -1}])
def test_numbers_out_of_range_are_refused(manifest, changes):
    with pytest.raises(ValueError, match="wanted"):
        load(manifest, **changes)


@pytest.mark.parametrize(("epoch", "start"), [(-1, 0), (0, -1), (0, 99)])
def test_points_outside_an_epoch_are_refused(manifest, epoch, start):
    with pytest.raises(ValueError, match="wanted"):
        load(manifest).epoch(epoch, start)


def test_encrypted_shards_give_the_same_batches(tmp_path, rows, build, monkeypatch):
    monkeypatch.setenv("SEQMILL_KEY", "0f" * 32)
    plain, sealed = build(tmp_path / "plain", rows), build(tmp_path / "sealed", rows, encrypted=True)
    for options in ({"threads": 0}, {"threads": 2}, {"memory": True}):
        batches = [digest(load(manifest, **options).epoch(1)) for manifest in (plain, sealed)]
        assert batches[0] == batches[1]

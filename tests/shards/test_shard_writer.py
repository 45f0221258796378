import hashlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seqmill.shards.shard_writer import SplitWriter


@pytest.fixture
def write(tmp_path, encoding, to_batch):
    def run(rows, name="a", step=50, **changes):
        folder = tmp_path / name
        folder.mkdir()
        options = {"rows_per_group": 16, "rows_per_shard": 40, "metadata": {"note": "kept"}}
        writer = SplitWriter(folder, "train", encoding, **options | changes)
        for begin in range(0, len(rows), step):
            writer.add(pa.Table.from_batches([to_batch(rows[begin : begin + step])]))
        return folder, writer.finish()

    return run


def test_shards_hold_whole_groups_up_to_their_limit(write, rows):
    _, shards = write(rows[:100])
    assert [(shard.name, shard.row_groups) for shard in shards] == [
        ("train-00000.parquet", (16, 16)),
        ("train-00001.parquet", (16, 16)),
        ("train-00002.parquet", (16, 16)),
        ("train-00003.parquet", (4,)),
    ]


def test_a_shard_holds_at_least_one_group(write, rows):
    _, shards = write(rows[:40], rows_per_shard=5)
    assert [shard.rows for shard in shards] == [16, 16, 8]


def test_how_rows_arrive_does_not_matter(write, rows):
    assert write(rows[:100], "a", step=7)[1] == write(rows[:100], "b", step=99)[1]


def test_a_shard_is_described_by_size_digest_and_labels(write, rows):
    folder, shards = write(rows[:32])
    (shard,) = shards
    content = (folder / shard.name).read_bytes()
    assert (shard.bytes, shard.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert shard.labels == {"copies": {"0": 11, "1": 11, "2": 10}}
    metadata = pq.read_metadata(folder / shard.name).metadata
    assert metadata[b"seqmill.note"] == b"kept"
    assert metadata[b"seqmill.content"].decode() == shard.content


def test_no_rows_make_no_shard(write):
    assert write([])[1] == []


def test_content_is_free_of_compression(write, rows, monkeypatch):
    _, plain = write(rows[:32], "a")
    original = pq.ParquetWriter.__init__
    monkeypatch.setattr(
        pq.ParquetWriter,
        "__init__",
        lambda self, *args, **options: original(self, *args, **options | {"compression_level": 9}),
    )
    _, packed = write(rows[:32], "b")
    assert packed[0].content == plain[0].content
    assert packed[0].sha256 != plain[0].sha256

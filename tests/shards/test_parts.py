import errno
import subprocess

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seqmill.errors import InputError, SeqmillError
from seqmill.shards import parts
from seqmill.shards.order import order_key
from seqmill.shards.parts import PartWriter, read_header


def write(path, encoding, batches, seed=7):
    with PartWriter(path, encoding, seed=seed, metadata={"sample": "ada"}) as writer:
        for batch in batches:
            writer.write(batch)
        writer.describe(counts={"truth_reached": 3}, classes={"train": {"absent": 2}})


def test_a_part_holds_its_rows_in_the_order_of_their_keys(tmp_path, encoding, rows, to_batch):
    write(tmp_path / "part.parquet", encoding, [to_batch(rows[:300]), to_batch(rows[300:])])
    keys = order_key(7, np.array([row["example_id"] for row in rows], np.uint64))
    wanted = [rows[i] for i in np.argsort(keys)]
    assert pq.read_table(tmp_path / "part.parquet").to_pylist() == wanted


def test_the_header_tells_encoding_seed_rows_and_labels(tmp_path, encoding, rows, to_batch):
    write(tmp_path / "part.parquet", encoding, [to_batch(rows)])
    header = read_header(tmp_path / "part.parquet")
    assert (header.encoding, header.seed, header.rows) == (encoding, 7, len(rows))
    assert (header.counts, header.classes) == ({"truth_reached": 3}, {"train": {"absent": 2}})


def test_a_job_without_examples_writes_an_empty_part(tmp_path, encoding):
    write(tmp_path / "part.parquet", encoding, [])
    assert read_header(tmp_path / "part.parquet").rows == 0


def test_bytes_are_the_same_however_rows_arrive_and_spill(tmp_path, encoding, rows, to_batch, monkeypatch):
    write(tmp_path / "one.parquet", encoding, [to_batch(rows)])
    monkeypatch.setattr(parts, "_SPILL_BYTES", 5_000)
    write(tmp_path / "two.parquet", encoding, [to_batch(rows[i : i + 70]) for i in range(0, len(rows), 70)])
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.parquet", "two.parquet"]


def test_rows_of_another_schema_are_refused(tmp_path, encoding, rows, to_batch):
    batch = to_batch(rows).drop_columns(["copies"])
    with pytest.raises(ValueError, match="schema"):
        write(tmp_path / "part.parquet", encoding, [batch])
    assert list(tmp_path.iterdir()) == []


def test_a_payload_too_long_is_refused(tmp_path, encoding, rows, to_batch):
    with pytest.raises(ValueError, match="41 bytes in pileup found, at most 40 wanted"):
        write(tmp_path / "part.parquet", encoding, [to_batch([{**rows[0], "pileup": bytes(41)}])])


def test_missing_values_are_refused(tmp_path, encoding, rows, to_batch):
    batch = to_batch(rows[:1])
    holed = batch.set_column(7, batch.schema.field("copies"), pa.array([None], pa.int8()))
    with pytest.raises(ValueError, match="column copies has missing values"):
        write(tmp_path / "part.parquet", encoding, [holed])


def test_an_error_in_the_job_leaves_an_older_part_as_it_was(tmp_path, encoding, rows, to_batch, monkeypatch):
    write(tmp_path / "part.parquet", encoding, [to_batch(rows[:5])])
    before = (tmp_path / "part.parquet").read_bytes()
    monkeypatch.setattr(parts, "_SPILL_BYTES", 1)
    with (
        pytest.raises(RuntimeError, match="job"),
        PartWriter(tmp_path / "part.parquet", encoding, seed=7) as writer,
    ):
        writer.write(to_batch(rows))
        raise RuntimeError("job")
    assert [path.name for path in tmp_path.iterdir()] == ["part.parquet"]
    assert (tmp_path / "part.parquet").read_bytes() == before


@pytest.mark.parametrize("spill", [1, 1 << 30])
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, encoding, rows, to_batch, monkeypatch, spill):
    def full(*_args, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(parts, "_SPILL_BYTES", spill)
    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(SeqmillError, match=r"part.parquet: cannot be written \(No space left on device\)"):
        write(tmp_path / "part.parquet", encoding, [to_batch(rows)])
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 32 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system can be mounted by root only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full_is_said_and_leaves_nothing(small_disk, encoding, rows, to_batch):
    noise = np.random.default_rng(1).integers(0, 255, (len(rows), 40)).astype(np.uint8)
    rows = [{**row, "pileup": line.tobytes()} for row, line in zip(rows, noise, strict=True)]
    with pytest.raises(SeqmillError, match="No space left on device"):
        write(small_disk / "part.parquet", encoding, [to_batch(rows)])
    assert list(small_disk.iterdir()) == []


def test_a_file_that_is_no_part_is_refused(tmp_path):
    pq.write_table(pa.table({"x": [1]}), tmp_path / "x.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "x.parquet").read_bytes()[:-9])
    with pytest.raises(InputError, match="another Parquet file"):
        read_header(tmp_path / "x.parquet")
    with pytest.raises(InputError, match=r"cut.parquet: a whole Parquet file wanted"):
        read_header(tmp_path / "cut.parquet")
    with pytest.raises(InputError, match="no such file"):
        read_header(tmp_path / "absent.parquet")


def test_an_encrypted_part_and_its_spilled_runs_hold_nothing_in_the_clear(
    tmp_path, encoding, to_batch, rows, monkeypatch
):
    monkeypatch.setenv("SEQMILL_KEY", "0f" * 32)
    monkeypatch.setattr("seqmill.shards.parts._SPILL_BYTES", 1)
    with PartWriter(tmp_path / "part.parquet", encoding, seed=7, encrypted=True) as writer:
        writer.write(to_batch(rows[:400]))
        writer.write(to_batch(rows[400:]))
        runs = list(tmp_path.glob(".*/*.parquet"))
        assert len(runs) == 2 and all(run.read_bytes().startswith(b"PARE") for run in runs)
        assert not any(b"allele" in run.read_bytes() for run in runs)
    assert b"allele" not in (tmp_path / "part.parquet").read_bytes()
    assert read_header(tmp_path / "part.parquet").rows == len(rows)
    monkeypatch.delenv("SEQMILL_KEY")
    with pytest.raises(InputError, match="there is no key to read it"):
        read_header(tmp_path / "part.parquet")

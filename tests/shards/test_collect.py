import errno
import json
import subprocess
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from seqmill.errors import ConfigErrors, InputError, SeqmillError
from seqmill.shards.manifest import Manifest
from seqmill.shards.order import order_key


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_shards_hold_each_example_of_a_split_in_the_order_of_the_keys(tmp_path, rows, build):
    manifest = build(tmp_path, rows)
    for split in manifest.splits:
        shards = manifest.shards_of(split)
        stored = [row for shard in shards for row in pq.read_table(manifest.shard_path(shard)).to_pylist()]
        wanted = [row for row in rows if row["split"] == split]
        keys = order_key(7, np.array([row["example_id"] for row in wanted], np.uint64))
        assert stored == [wanted[i] for i in np.argsort(keys)]


def test_shards_and_row_groups_have_the_sizes_asked_for(tmp_path, rows, build):
    manifest = build(tmp_path, rows)
    assert [(shard.name, shard.row_groups) for shard in manifest.shards] == [
        ("test-00000.parquet", (32, 32, 6)),
        ("train-00000.parquet", (32,) * 8),
        ("train-00001.parquet", (32,) * 8),
        ("train-00002.parquet", (32,) * 8),
        ("train-00003.parquet", (32,)),
        ("validation-00000.parquet", (32, 32, 26)),
    ]
    for shard in manifest.shards:
        footer = pq.read_metadata(manifest.shard_path(shard))
        assert tuple(footer.row_group(i).num_rows for i in range(footer.num_row_groups)) == shard.row_groups


def test_building_twice_is_byte_identical(tmp_path, rows, build):
    one, two = build(tmp_path / "one", rows), build(tmp_path / "two", rows)
    assert contents(one.path.parent) == contents(two.path.parent)
    assert sorted(contents(one.path.parent)) == [
        "labels.json", "manifest.json", "test-00000.parquet", "train-00000.parquet", "train-00001.parquet",
        "train-00002.parquet", "train-00003.parquet", "validation-00000.parquet",
    ]  # fmt: skip


@pytest.mark.parametrize("parts", [1, 2, 17])
def test_shards_do_not_hang_on_how_jobs_divide_the_examples(tmp_path, rows, write_parts, gather, parts):
    one = gather(write_parts(tmp_path / "a", rows, [0] * len(rows)), tmp_path / "one")
    shuffled = np.random.default_rng(parts).permutation(len(rows))
    paths = write_parts(tmp_path / "b", [rows[i] for i in shuffled], np.arange(len(rows)) % parts)
    two = gather(paths[::-1], tmp_path / "two")
    assert one.digest == two.digest
    for shard in one.shards:
        assert one.shard_path(shard).read_bytes() == two.shard_path(shard).read_bytes()


def test_payloads_are_stored_without_dictionary_and_statistics_the_rest_with(tmp_path, rows, build):
    manifest = build(tmp_path, rows)
    group = pq.read_metadata(manifest.shard_path(manifest.shards[0])).row_group(0)
    for i in range(group.num_columns):
        column = group.column(i)
        payload = column.path_in_schema in ("bits", "pileup")
        assert column.compression == "ZSTD"
        assert column.is_stats_set != payload
        assert ("RLE_DICTIONARY" in column.encodings) != payload


def test_a_shard_describes_itself(tmp_path, rows, build, encoding):
    manifest = build(tmp_path, rows)
    shard = manifest.shards_of("test")[0]
    found = {
        key.decode().removeprefix("seqmill."): value.decode()
        for key, value in pq.read_metadata(manifest.shard_path(shard)).metadata.items()
        if key.startswith(b"seqmill.")
    }
    assert json.loads(found.pop("encoding")) == encoding.to_dict()
    assert json.loads(found.pop("inputs")) == {"ada": [{"name": "a.bam", "sha256": "00"}]}
    assert json.loads(found.pop("label_counts")) == {"copies": {"0": 24, "1": 23, "2": 23}}
    assert found == {
        "application": "toy",
        "content": shard.content,
        "encoding_digest": encoding.digest,
        "program_version": manifest.program_version,
        "reference": "11",
        "schema_version": "1",
        "seed": "7",
        "split": "test",
    }


def test_the_label_report_sums_over_jobs(tmp_path, rows, build):
    manifest = build(tmp_path, rows)
    report = json.loads((manifest.path.parent / "labels.json").read_text())
    assert report == {
        "dataset": "toy",
        "digest": manifest.digest,
        "rows": {"train": 800, "validation": 90, "test": 70},
        "labels": {
            "train": {"copies": {"0": 268, "1": 266, "2": 266}},
            "validation": {"copies": {"0": 30, "1": 30, "2": 30}},
            "test": {"copies": {"0": 24, "1": 23, "2": 23}},
        },
        "classes": {"train": {"absent": 6}},
        "counts": {"truth_reached": 27, "truth_missed.no_reads": 3},
        "missed_fraction": 0.1,
    }


def test_the_manifest_that_is_given_is_the_one_that_is_written(tmp_path, rows, build):
    manifest = build(tmp_path, rows, context={"depths": {"ada": ["full"]}})
    assert Manifest.load(manifest.path, verify="digests") == manifest


def refused(folder: Path, error: type[Exception], message: str, run) -> None:
    """Building fails with `message` and leaves the folder as it was."""
    before = contents(folder) if folder.exists() else {}
    with pytest.raises(error, match=message):
        run()
    assert contents(folder) == before if folder.exists() else not before


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (
            {"missed_fraction": 0.05},
            r"missed_fraction: 0\.1000 found, at most 0\.05 wanted; missed: no_reads 3",
        ),
        ({"min_examples": 80}, "min_examples: 70 found in split test, at least 80 wanted"),
        ({"min_class_examples": 24}, "min_class_examples: 23 with copies 1 found in split test, at least 24"),
        ({"missed": 0.1}, r"limits\.missed: no such limit"),
        ({"min_examples": "many"}, r"limits\.min_examples: 'many' found, a number wanted"),
    ],
)
def test_labels_outside_the_limits_are_refused(tmp_path, rows, build, limits, message):
    refused(tmp_path / "dataset", InputError, message, lambda: build(tmp_path, rows, limits=limits))


def test_labels_inside_the_limits_are_taken(tmp_path, rows, build):
    build(tmp_path, rows, limits={"missed_fraction": 0.1, "min_examples": 70, "min_class_examples": 23})


def test_an_empty_split_is_refused(tmp_path, rows, build):
    kept = [row for row in rows if row["split"] != "validation"]
    message = r"splits\.validation: 0 examples found, at least 1 wanted, for ada on c2"
    refused(tmp_path / "dataset", InputError, message, lambda: build(tmp_path, kept))


def test_overlapping_splits_are_refused(tmp_path, rows, build):
    splits = {name: {"samples": ["ada", "bo"], "contigs": ["c1"]} for name in ("train", "test")}
    with pytest.raises(ConfigErrors, match="contig 'c1'"):
        build(tmp_path, rows, splits=splits)


def test_an_example_in_a_split_it_does_not_belong_to_is_refused(tmp_path, rows, build):
    rows[5] = {**rows[5], "split": "test"}
    message = "sample ada on contig c1 are in split 'test', 'train' wanted"
    refused(tmp_path / "dataset", InputError, message, lambda: build(tmp_path, rows))


def test_a_sample_that_no_split_names_is_refused(tmp_path, rows, build):
    rows[5] = {**rows[5], "sample": "cy"}
    refused(tmp_path / "dataset", InputError, "sample cy on contig c1", lambda: build(tmp_path, rows))


def test_a_part_of_another_encoding_is_refused_with_the_difference(tmp_path, rows, build, encoding):
    import dataclasses

    other = dataclasses.replace(encoding, options={"width": 41})
    message = r"part-0\.parquet: another encoding \(options\.width: 40 found, 41 wanted\)"
    refused(tmp_path / "dataset", InputError, message, lambda: build(tmp_path, rows, encoding=other))


def test_a_part_of_another_seed_is_refused(tmp_path, rows, write_parts, gather):
    paths = write_parts(tmp_path / "parts", rows, [0] * len(rows), seed=8)
    message = r"part-0\.parquet: seed 8 found, 7 wanted"
    refused(tmp_path / "dataset", InputError, message, lambda: gather(paths, tmp_path / "dataset"))


@pytest.mark.parametrize("after", [0, 3])
def test_a_full_disk_is_said_and_leaves_an_older_dataset_as_it_was(
    tmp_path, rows, write_parts, gather, monkeypatch, after
):
    paths = write_parts(tmp_path / "parts", rows, [0] * len(rows))
    gather(paths, tmp_path / "dataset")
    before = contents(tmp_path / "dataset")
    write, calls = pq.ParquetWriter.write_table, []

    def full(*args, **options):
        calls.append(1)
        if len(calls) > after:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(*args, **options)

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(SeqmillError, match=r"dataset: cannot be written \(No space left on device\)"):
        gather(paths, tmp_path / "dataset")
    assert contents(tmp_path / "dataset") == before


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system can be mounted by root only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full_is_said_and_leaves_nothing(
    tmp_path, rows, write_parts, gather, small_disk
):
    paths = write_parts(tmp_path / "parts", rows, [0] * len(rows))
    with pytest.raises(SeqmillError, match="No space left on device"):
        gather(paths, small_disk / "dataset")
    assert contents(small_disk / "dataset") == {}


def test_shards_of_an_earlier_build_are_taken_away(tmp_path, rows, build, write_parts, gather):
    build(tmp_path, rows)
    fewer = [row for row in rows if row["start"] < 40]
    manifest = gather(write_parts(tmp_path / "fewer", fewer, [0] * len(fewer)), tmp_path / "dataset")
    shards = {shard.name for shard in manifest.shards}
    assert set(contents(tmp_path / "dataset")) == {"manifest.json", "labels.json"} | shards


def test_tables_that_rows_point_into_are_copied_and_watched(tmp_path, rows, build):
    table = tmp_path / "profiles.parquet"
    table.write_bytes(b"what the rows point into")
    manifest = build(tmp_path, rows, tables={"profiles": table})
    copy = manifest.table_paths()["profiles"]
    assert copy.parent == manifest.path.parent
    assert copy.read_bytes() == table.read_bytes()
    assert Manifest.load(manifest.path, verify="digests") == manifest
    copy.write_bytes(b"what the rows pointed into")
    with pytest.raises(InputError, match=r"profiles\.parquet: 26 bytes found, 24 bytes wanted"):
        Manifest.load(manifest.path)
    copy.unlink()
    with pytest.raises(InputError, match=r"profiles\.parquet: no such file"):
        Manifest.load(manifest.path)


def test_encryption_changes_the_bytes_and_not_the_digest(tmp_path, rows, build, gather, monkeypatch):
    monkeypatch.setenv("SEQMILL_KEY", "0f" * 32)
    plain = build(tmp_path / "plain", rows)
    parts = sorted((tmp_path / "plain" / "parts").iterdir())
    sealed = gather(parts, tmp_path / "sealed", encrypted=True)
    assert sealed.digest == plain.digest
    assert [shard.content for shard in sealed.shards] == [shard.content for shard in plain.shards]
    Manifest.load(sealed.path, verify="digests")
    for one, other in zip(plain.shards, sealed.shards, strict=True):
        assert b"pileup" in plain.shard_path(one).read_bytes()
        content = sealed.shard_path(other).read_bytes()
        assert content.startswith(b"PARE") and b"pileup" not in content and b"ada" not in content
        with pytest.raises(OSError, match="encrypted"):
            pq.ParquetFile(sealed.shard_path(other))


def test_without_a_key_nothing_is_encrypted_and_nothing_written(
    tmp_path, rows, write_parts, gather, monkeypatch
):
    monkeypatch.delenv("SEQMILL_KEY", raising=False)
    parts = write_parts(tmp_path, rows, [0] * len(rows))
    with pytest.raises(InputError, match="no key"):
        gather(parts, tmp_path / "out", encrypted=True)
    assert not list((tmp_path / "out").iterdir())

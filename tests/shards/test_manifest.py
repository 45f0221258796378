import json
import shutil

import pytest

from seqmill.errors import InputError
from seqmill.shards.manifest import Manifest


@pytest.fixture
def manifest(tmp_path, rows, build):
    return build(tmp_path, rows)


def test_rows_and_labels_are_counted_by_split(manifest):
    assert {split: manifest.rows(split) for split in manifest.splits} == {
        "test": 70,
        "train": 800,
        "validation": 90,
    }
    assert manifest.label_counts("train") == {0: 268, 1: 266, 2: 266}
    assert manifest.label_counts("train", "copies") == manifest.label_counts("train")
    assert manifest.label_counts("train", "nothing") == {}


def test_the_digest_does_not_hang_on_the_place(manifest, tmp_path):
    shutil.move(manifest.path.parent, tmp_path / "elsewhere")
    assert Manifest.load(tmp_path / "elsewhere" / "manifest.json").digest == manifest.digest


@pytest.mark.parametrize("changes", [{"dataset": "other"}, {"inputs": {}}, {"context": {"depths": {}}}])
def test_the_digest_does_not_hang_on_names_and_provenance(tmp_path, rows, build, manifest, changes):
    assert build(tmp_path / "other", rows, **changes).digest == manifest.digest


def test_the_digest_hangs_on_every_value(tmp_path, rows, build, manifest):
    digests = {manifest.digest}
    for number, (name, value) in enumerate(
        [("weight", 9.0), ("copies", 2), ("pileup", b"x"), ("bits", b"123456"), ("allele", "N"), ("end", 77)]
    ):
        changed = [{**rows[0], name: value}, *rows[1:]]
        digests.add(build(tmp_path / str(number), changed).digest)
    digests.add(build(tmp_path / "seed", rows, seed=8).digest)
    digests.add(build(tmp_path / "reference", rows, reference={"path": "ref.fa", "checksum": "12"}).digest)
    assert len(digests) == 9


def test_a_changed_shard_is_named_with_what_was_found_and_wanted(manifest):
    shard = manifest.shards[2]
    path = manifest.shard_path(shard)
    content = bytearray(path.read_bytes())
    content[50] ^= 1
    path.write_bytes(content)
    Manifest.load(manifest.path, verify="sizes")
    with pytest.raises(InputError, match=rf"{shard.name}: sha256 \w+ found, {shard.sha256} wanted"):
        Manifest.load(manifest.path, verify="digests")
    path.write_bytes(content[:-1])
    with pytest.raises(
        InputError, match=rf"{shard.name}: {shard.bytes - 1} bytes found, {shard.bytes} bytes"
    ):
        Manifest.load(manifest.path)


def test_a_missing_shard_is_named(manifest):
    manifest.shard_path(manifest.shards[1]).unlink()
    with pytest.raises(InputError, match=f"{manifest.shards[1].name}: no such file"):
        Manifest.load(manifest.path)


def test_an_edited_manifest_is_refused(manifest):
    content = json.loads(manifest.path.read_text())
    content["shards"][0]["row_groups"] = [70]
    manifest.path.write_text(json.dumps(content))
    with pytest.raises(InputError, match=rf"dataset digest {manifest.digest} found.*edited"):
        Manifest.load(manifest.path)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"encoding": 3}'])
def test_a_file_that_is_no_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=r"manifest.json: (a dataset manifest|whole JSON) wanted"):
        Manifest.load(tmp_path / "manifest.json")


def test_a_missing_manifest_is_refused(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        Manifest.load(tmp_path / "manifest.json")


def test_an_unknown_split_is_answered_with_the_nearest(manifest):
    with pytest.raises(InputError, match=r"no split 'tran' \(did you mean 'train'"):
        manifest.rows("tran")

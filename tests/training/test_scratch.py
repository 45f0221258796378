"""A copy is whole or absent, shared while it is used, and gone afterwards; training on it changes no bit."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from seqmill.errors import InputError, Interrupted
from seqmill.files import read_json
from seqmill.shards.manifest import Manifest
from seqmill.training import scratch
from seqmill.training.scratch import on_scratch
from seqmill.training.train import train

USER = """
import sys
from pathlib import Path
from seqmill.shards.manifest import Manifest
from seqmill.training.scratch import on_scratch
with on_scratch(Manifest.load(sys.argv[1]), Path(sys.argv[2])) as manifest:
    print(manifest.folder, flush=True)
    sys.stdin.read()
"""


def copies(folder):
    """Give the names of all files below the scratch folder but the lock that stays."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.parent.parent != folder)


def test_the_shards_of_training_and_validation_are_copied_and_removed(manifest, tmp_path):
    with on_scratch(manifest, tmp_path) as copied:
        assert copied.digest == manifest.digest and copied.path == manifest.path
        for split in ("train", "validation"):
            for shard in manifest.shards_of(split):
                assert copied.shard_path(shard).read_bytes() == manifest.shard_path(shard).read_bytes()
        assert copies(tmp_path) == ["lock", "train-00000.parquet", "validation-00000.parquet"]
    assert copies(tmp_path) == []
    with on_scratch(manifest, None) as same:
        assert same is manifest


def test_training_on_a_copy_changes_no_bit(compose_run, places, tmp_path, monkeypatch):
    from dataclasses import replace

    train(compose_run(), places)
    weights = torch.load(places.output / "checkpoint.ckpt", weights_only=True)
    record = read_json(places.output / "train.json")
    read = []
    shard_path = Manifest.shard_path
    monkeypatch.setattr(Manifest, "shard_path", lambda *args: read.append(shard_path(*args)) or read[-1])
    train(compose_run(), replace(places, scratch=tmp_path / "scratch"))
    again = torch.load(places.output / "checkpoint.ckpt", weights_only=True)
    assert all(
        torch.equal(again["state_dict"][name], tensor) for name, tensor in weights["state_dict"].items()
    )
    assert again["seqmill"]["weights_digest"] == weights["seqmill"]["weights_digest"]
    assert any(path.is_relative_to(tmp_path / "scratch") for path in read)
    losses = [entry["validation_loss"] for entry in record["history"]]
    found = read_json(places.output / "train.json")
    assert [entry["validation_loss"] for entry in found["history"]] == losses
    assert "scratch" not in (places.output / "config.yaml").read_text()
    assert copies(tmp_path / "scratch") == []


def test_jobs_of_a_node_share_a_copy_and_the_last_removes_it(manifest, tmp_path):
    user = subprocess.Popen(
        [sys.executable, "-c", USER, str(manifest.path), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with user:
        folder = Path(user.stdout.readline().strip())
        before = (folder / "train-00000.parquet").stat()
        with on_scratch(manifest, tmp_path) as copied:
            assert copied.folder == folder
        assert (folder / "train-00000.parquet").stat().st_ino == before.st_ino, "it was in use"
    assert not folder.exists()


def test_what_a_killed_job_left_is_used_or_removed_by_the_next(manifest, toy, tmp_path):
    user = subprocess.Popen(
        [sys.executable, "-c", USER, str(manifest.path), str(tmp_path / "scratch")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with user:
        folder = Path(user.stdout.readline().strip())
        user.send_signal(signal.SIGKILL)
    (folder / ".1.part.train-00000.parquet").write_bytes(b"half")
    other = toy.write_dataset(tmp_path / "other", train=20)
    with on_scratch(other, tmp_path / "scratch") as copied:
        assert copied.folder.is_dir() and not folder.exists()
    assert copies(tmp_path / "scratch") == []


def changed(manifest, folder):
    shutil.copytree(manifest.path.parent, folder)
    shard = folder / "validation-00000.parquet"
    content = bytearray(shard.read_bytes())
    content[len(content) // 2] ^= 1
    shard.write_bytes(content)
    return Manifest.load(folder / "manifest.json")


def test_a_changed_shard_is_refused_and_nothing_is_left(manifest, tmp_path):
    with pytest.raises(InputError, match=r"validation-00000\.parquet: sha256 .* the shard was changed"):
        with on_scratch(changed(manifest, tmp_path / "changed"), tmp_path / "scratch"):
            pass
    assert copies(tmp_path / "scratch") == []


def test_too_little_space_is_said_before_anything_is_copied(manifest, tmp_path, monkeypatch):
    monkeypatch.setattr(scratch.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 0, 10))
    with pytest.raises(
        InputError, match=r"--scratch .*: 0\.000 GB free, .* GB wanted .* train without --scratch"
    ):
        with on_scratch(manifest, tmp_path):
            pass
    assert copies(tmp_path) == []


@pytest.mark.parametrize("full", [errno.ENOSPC, errno.EDQUOT])
def test_a_quota_that_ends_on_the_way_is_named_and_nothing_is_left(manifest, tmp_path, monkeypatch, full):
    def fails(source, target, sha256, check):
        target.with_name(".1.part.x").write_bytes(b"half")
        raise OSError(full, os.strerror(full))

    monkeypatch.setattr(scratch, "_copy", fails)
    with pytest.raises(InputError, match=r"--scratch .*: disk or quota is full; give a folder"):
        with on_scratch(manifest, tmp_path):
            pass
    assert copies(tmp_path) == []


def test_a_stop_while_copying_leaves_nothing(manifest, tmp_path):
    def stop():
        raise Interrupted("stopped")

    with pytest.raises(Interrupted):
        with on_scratch(manifest, tmp_path, stop):
            pass
    assert copies(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_an_error(manifest, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"--scratch .*file: Not a directory; give a folder"):
        with on_scratch(manifest, tmp_path / "file"):
            pass

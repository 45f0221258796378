"""A file of tensors is whole or absent, whatever happens while it is written."""

import errno
import io
import os

import pytest
import torch

from seqmill.training.saving import StateIO, save_whole
from seqmill.training.state import former


@pytest.fixture
def path(tmp_path):
    """A file that was written well."""
    save_whole({"step": torch.tensor(1)}, tmp_path / "last.ckpt")
    return tmp_path / "last.ckpt"


def step(path):
    return StateIO().load_checkpoint(path)["step"].item()


def names(path):
    return sorted(entry.name for entry in path.parent.iterdir())


def test_a_new_state_takes_the_place_of_the_last_which_is_kept(path):
    for newest in (2, 3):
        StateIO().save_checkpoint({"step": torch.tensor(newest)}, path)
        assert (step(path), step(former(path))) == (newest, newest - 1)
    assert names(path) == ["former-last.ckpt", "last.ckpt"]


def test_an_error_inside_torch_save_leaves_what_was_there(path, monkeypatch):
    def breaks(content, file):
        file.write(b"half of it")
        raise RuntimeError("no luck")

    monkeypatch.setattr(torch, "save", breaks)
    with pytest.raises(RuntimeError, match="no luck"):
        StateIO().save_checkpoint({"step": torch.tensor(2)}, path)
    assert (step(path), names(path)) == (1, ["last.ckpt"])


def test_a_full_disk_names_the_file_and_leaves_what_was_there(path, monkeypatch):
    sync = os.fsync

    def full(handle):
        sync(handle)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as caught:
        StateIO().save_checkpoint({"step": torch.tensor(2)}, path)
    assert caught.value.filename == str(path)
    monkeypatch.undo()
    assert (step(path), names(path)) == (1, ["last.ckpt"])


@pytest.mark.parametrize("where", ["torch.save", "write", "fsync", "first rename", "second rename"])
def test_a_process_that_dies_while_it_saves_leaves_a_state_that_loads(path, where, monkeypatch):
    child = os.fork()
    if child == 0:
        _die_at(where)
        StateIO().save_checkpoint({"step": torch.tensor(2)}, path)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9
    newest = path if path.exists() else former(path)
    assert step(newest) == 1


def _die_at(where):
    """Let this process die at a step of saving, with half of the bytes written."""

    def die(*_):
        os._exit(9)

    def half(content, file):
        file.write(b"half of it")
        die()

    if where == "torch.save":
        torch.save = half
    elif where == "write":
        getbuffer = io.BytesIO.getbuffer
        saved = torch.save
        torch.save = lambda content, file: saved(content, file)
        import builtins

        opened = builtins.open

        class Half:
            def __init__(self, handle):
                self.handle = handle

            def __enter__(self):
                return self

            def __exit__(self, *_):
                self.handle.close()

            def write(self, content):
                self.handle.write(content[: len(content) // 2])
                self.handle.flush()
                die()

        builtins.open = lambda *given, **named: Half(opened(*given, **named))
        del getbuffer
    elif where == "fsync":
        os.fsync = die
    else:
        replace, left = os.replace, [0 if where == "first rename" else 1]

        def renamed(*paths):
            if left[0] == 0:
                die()
            left[0] -= 1
            replace(*paths)

        os.replace = renamed

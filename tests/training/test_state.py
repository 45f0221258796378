"""State is found by what decides the result, by one process at a time, and is whole."""

import os

import pytest
import torch

from seqmill.errors import InputError
from seqmill.training.state import AtomicIO, open_state, state_folder


def test_attempts_are_counted_and_the_tracked_run_is_remembered(compose_run, tmp_path):
    run = compose_run()
    with open_state(tmp_path, run, "d") as state:
        assert (state.attempt, state.run_id) == (1, None)
        state.remember("r1")
    with open_state(tmp_path, run, "d") as state:
        assert (state.attempt, state.run_id) == (2, "r1")
        state.remove()
    with open_state(tmp_path, run, "d") as state:
        assert (state.attempt, state.run_id) == (1, None)


def test_the_folder_follows_configuration_and_content_and_not_the_path(compose_run, manifest, tmp_path):
    run = compose_run()
    folder = state_folder(tmp_path, run, "d")
    assert folder.name.startswith("plain-1-")
    assert state_folder(tmp_path, compose_run("trainer.epochs=4"), "d") != folder
    assert state_folder(tmp_path, compose_run("model.options.hidden=9"), "d") != folder
    assert state_folder(tmp_path, run, "e") != folder
    moved = os.path.relpath(manifest.path)
    assert state_folder(tmp_path, compose_run(f"dataset.manifest={moved}"), "d") == folder


def test_a_second_process_is_refused(compose_run, tmp_path):
    run = compose_run()
    with open_state(tmp_path, run, "d"):
        with pytest.raises(InputError, match="another process trains this run"):
            with open_state(tmp_path, run, "d"):
                pass
    with open_state(tmp_path, run, "d") as state:
        assert state.attempt == 2


def test_a_state_that_cannot_be_written_leaves_the_former_one(tmp_path, monkeypatch):
    path, io = tmp_path / "last.ckpt", AtomicIO()
    io.save_checkpoint({"step": torch.tensor(1)}, path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(OSError, match="No space"):
        io.save_checkpoint({"step": torch.tensor(2)}, path)
    assert io.load_checkpoint(path) == {"step": torch.tensor(1)}
    assert [entry.name for entry in tmp_path.iterdir()] == ["last.ckpt"]

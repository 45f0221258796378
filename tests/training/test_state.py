"""State is found by what decides the result, by one process at a time, and is whole."""

import os
import threading
import zipfile

import pytest

from seqmill.errors import InputError
from seqmill.training import state as module
from seqmill.training.state import State, former, held_runs, idle_runs, open_state, state_folder


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


def test_a_second_process_is_refused(compose_run, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE_S", 0.0)
    run = compose_run()
    with open_state(tmp_path, run, "d"):
        with pytest.raises(InputError, match="another process trains this run"):
            with open_state(tmp_path, run, "d"):
                pass
    with open_state(tmp_path, run, "d") as state:
        assert state.attempt == 2


def test_a_lock_that_is_let_go_in_a_moment_is_waited_for(compose_run, tmp_path):
    run = compose_run()
    opened = open_state(tmp_path, run, "d")
    opened.__enter__()
    leave = threading.Timer(0.3, opened.__exit__, (None, None, None))
    leave.start()
    with open_state(tmp_path, run, "d") as state:
        assert state.attempt == 2
    leave.join()


def test_the_key_stays_with_the_state_and_is_its_own(compose_run, tmp_path):
    run = compose_run()
    with open_state(tmp_path, run, "d") as first:
        pass
    with open_state(tmp_path, run, "d") as second, open_state(tmp_path, run, "e") as other:
        assert first.key == second.key != other.key


def archive(path, content=b"x" * 999):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("data", content)


def test_the_newest_whole_state_is_taken_and_a_damaged_one_is_named(tmp_path, capsys):
    state = State(tmp_path)
    assert state.usable() is None
    archive(state.last)
    assert state.usable() == state.last
    archive(former(state.last))
    content = bytearray(state.last.read_bytes())
    content[500] ^= 1
    state.last.write_bytes(content)
    assert capsys.readouterr().err == ""
    assert state.usable() == former(state.last)
    assert "last.ckpt: this state is damaged; going on from the one before it" in capsys.readouterr().err
    state.last.unlink()
    assert state.usable() == former(state.last)
    former(state.last).write_bytes(bytes(content[:500]))
    assert state.usable() is None


def test_what_a_killed_process_left_is_cleared_away(compose_run, tmp_path):
    run = compose_run()
    folder = state_folder(tmp_path, run, "d")
    folder.mkdir()
    (folder / ".1.part.last.ckpt").write_bytes(b"half")
    dropped = tmp_path / f".dropped.1.{folder.name}"
    dropped.mkdir()
    (dropped / "best.ckpt").touch()
    with open_state(tmp_path, run, "d"):
        assert sorted(path.name for path in folder.iterdir()) == ["lock", "run.json"]
    assert not dropped.exists()


def test_idle_runs_are_those_that_nobody_trains(compose_run, tmp_path):
    assert idle_runs(tmp_path / "nowhere") == []
    with open_state(tmp_path, compose_run(), "killed") as state:
        state.remember("r1")
    with open_state(tmp_path, compose_run(), "young"):
        pass
    with open_state(tmp_path, compose_run(), "busy") as state:
        state.remember("r2")
        assert idle_runs(tmp_path) == ["r1"]
        assert held_runs(tmp_path) == {"r2"}
    assert sorted(idle_runs(tmp_path)) == ["r1", "r2"]
    assert held_runs(tmp_path) == held_runs(tmp_path / "nowhere") == set()


@pytest.mark.parametrize("allowed", range(6))
def test_a_kill_while_a_state_is_dropped_leaves_no_full_state_without_the_best_weights(
    tmp_path, monkeypatch, allowed
):
    state = State(tmp_path / "state", run_id="run")
    state.folder.mkdir()
    state.remember("run")
    for path in (state.last, former(state.last), state.best):
        archive(path)
    listed = [state.best, state.last, former(state.last), state.folder / "run.json"]
    unlink, left = module.Path.unlink, iter(range(allowed))

    def killed(path, missing_ok=False):
        if next(left, None) is None:
            raise KeyboardInterrupt
        unlink(path, missing_ok)

    monkeypatch.setattr(module.Path, "unlink", killed)
    monkeypatch.setattr(module.Path, "iterdir", lambda folder: iter(listed))
    try:
        state.remove()
    except KeyboardInterrupt:
        assert (state.folder / "run.json").is_file()
        assert state.best.is_file() or state.usable() is None
    else:
        assert not state.folder.exists()

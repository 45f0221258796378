"""The code that runs is named by its commit and by what was changed since."""

import subprocess

import pytest

from seqmill.revision import git_state


@pytest.fixture
def repository(tmp_path):
    def git(*arguments):
        command = ["git", "-c", "user.name=A", "-c", "user.email=a@b", "-C", str(tmp_path), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-q")
    (tmp_path / "code.py").write_text("one\n")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    return tmp_path, git("rev-parse", "HEAD")


def test_a_clean_repository_has_a_commit_and_no_difference(repository):
    state = git_state(repository[0])
    assert (state.commit, state.difference) == (repository[1], "")


def test_uncommitted_changes_are_a_patch(repository):
    (repository[0] / "code.py").write_text("two\n")
    state = git_state(repository[0])
    assert state.commit == repository[1]
    assert "-one\n+two\n" in state.difference


def test_outside_a_repository_the_commit_is_unknown(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git_state(tmp_path) == git_state(tmp_path / "missing")
    assert git_state(tmp_path).commit == "unknown"

"""Code, packages, machine and job are named as they are."""

import subprocess

import pytest

from seqmill.tracking.provenance import git_state, machine, packages


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


def test_packages_are_sorted_and_pinned():
    lines = packages().splitlines()
    assert lines == sorted(lines, key=str.lower)
    assert any(line.startswith("torch==") for line in lines)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SLURM_JOB_ID": "17"}, "SLURM_JOB_ID=17"),
        ({"LSB_JOBID": "18", "JOB_ID": ""}, "LSB_JOBID=18"),
        ({}, "none"),
    ],
)
def test_the_scheduler_job(environment, expected):
    facts = machine(environment)
    assert facts["scheduler_job"] == expected
    assert facts["host"] and facts["mlflow.user"] and int(facts["cpus"]) >= 1

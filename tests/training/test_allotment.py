"""The least of Slurm's word, the bound processors and the control groups' quotas counts."""

import os

import pytest

from seqmill.training import allotment


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine of 16 processors whose process runs in the control group /job/step."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(16)), raising=False)
    monkeypatch.setattr(allotment, "CGROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(allotment, "OWN_CGROUP", tmp_path / "own")
    (tmp_path / "own").write_text("0::/job/step\n")
    (tmp_path / "cgroup/job/step").mkdir(parents=True)
    return tmp_path / "cgroup"


@pytest.mark.parametrize(
    ("slurm", "job", "step", "wanted"),
    [
        (None, None, None, 16),
        ("4", None, None, 4),
        ("32", None, None, 16),
        ("odd", None, None, 16),
        (None, "max 100000", "250000 100000", 2),
        (None, "300000 100000", "max 100000", 3),
        ("2", "300000 100000", "max 100000", 2),
        (None, None, "50000 100000", 1),
    ],
)
def test_the_least_counts(machine, slurm, job, step, wanted):
    for folder, quota in ((machine / "job", job), (machine / "job/step", step)):
        if quota is not None:
            (folder / "cpu.max").write_text(f"{quota}\n")
    environment = {} if slurm is None else {"SLURM_CPUS_PER_TASK": slurm}
    assert allotment.allotted_threads(environment) == wanted


def test_without_control_groups_the_bound_processors_count(machine, monkeypatch):
    monkeypatch.setattr(allotment, "OWN_CGROUP", machine / "nowhere")
    assert allotment.allotted_threads({}) == 16

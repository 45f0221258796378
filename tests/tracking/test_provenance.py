"""Packages, machine and job are named as they are."""

import pytest

from seqmill.tracking.provenance import machine, packages


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

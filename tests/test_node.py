"""A message names the node it comes from, within a job alone."""

import socket

import pytest

from seqmill.node import on_node


@pytest.mark.parametrize("variable", ["SLURM_JOB_ID", "LSB_JOBID", "PBS_JOBID", "JOB_ID"])
def test_a_job_of_any_scheduler_knows_its_node(variable):
    assert on_node({variable: "1"}) == f" (on {socket.gethostname()})"


def test_elsewhere_no_node_is_named():
    assert on_node({"PATH": "/bin", "SLURM_CONF": "slurm.conf"}) == ""

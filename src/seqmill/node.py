"""Which node of a cluster this is, for messages that are read elsewhere."""

import os
import socket
from collections.abc import Mapping

_JOB_IDS = ("SLURM_JOB_ID", "LSB_JOBID", "PBS_JOBID", "JOB_ID")


def on_node(environment: Mapping[str, str] = os.environ) -> str:
    """Give `` (on HOST)`` within a job of Slurm, LSF, PBS or Grid Engine, else an empty string.

    Parameters
    ----------
    environment : mapping
        The variables by which a job is known.
    """
    return f" (on {socket.gethostname()})" if any(name in environment for name in _JOB_IDS) else ""

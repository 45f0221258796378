"""Runs ``seqmill train`` on the toy as several processes, as srun would, out of one that has imported all.

Reads orders from stdin and answers on stdout, one JSON object a line. The patch of an order is Python that
each process executes before it begins; it may name ``rank``, ``toy`` and ``os``.
"""

import json
import os
import socket
import sys
import time
from pathlib import Path


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    import toy

    toy.warm_up()
    for line in sys.stdin:
        print(json.dumps(run(**json.loads(line))), flush=True)


def run(args, log, tasks, nodes=1, patch="", limit_s=120.0):
    """Start the tasks and give their exit codes; those that hang are killed and give -9."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    children = [_start(args, f"{log}.{rank}", rank, tasks, nodes, port, patch) for rank in range(tasks)]
    until = time.monotonic() + limit_s
    codes = {}
    while len(codes) < tasks:
        for child in children:
            if child in codes:
                continue
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                codes[child] = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > until:
                os.kill(child, 9)
        time.sleep(0.02)
    return {"codes": [codes[child] for child in children]}


def _start(args, log, rank, tasks, nodes, port, patch):
    child = os.fork()
    if child:
        return child
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    each = tasks // nodes
    os.environ |= {
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "GLOO_SOCKET_IFNAME": "lo",
        "SLURM_JOB_NAME": "train",
        "SLURM_NTASKS": str(tasks),
        "SLURM_NTASKS_PER_NODE": str(each),
        "SLURM_STEP_NUM_TASKS": str(tasks),
        "SLURM_STEP_NUM_NODES": str(nodes),
        "SLURM_NNODES": str(nodes),
        "SLURM_PROCID": str(rank),
        "SLURM_LOCALID": str(rank % each),
        "SLURM_NODEID": str(rank // each),
    }
    from seqmill.cli import main

    code = 1
    try:
        exec(patch, {"rank": rank, "toy": sys.modules["toy"], "os": os})
        sys.argv = ["seqmill", "train", "--nodes", str(nodes), *args]
        main.main()
    except SystemExit as error:
        code = error.code
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()

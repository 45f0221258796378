"""Runs the ``seqmill`` of a workflow's jobs out of one process that has imported all.

``python warm.py FOLDER`` writes ``FOLDER/bashenv``; in a shell with it as ``BASH_ENV`` the real ``seqmill``
is hidden by a client, which passes arguments, folder, environment and output on, and a fork runs them as a
process of its own would. Jobs are run one after the other.
"""

import importlib
import json
import os
import socket
import sys
from pathlib import Path

LARGEST = 1 << 17  # bytes of a request
MODULES = (
    "seqmill.cli.compare",
    "seqmill.cli.evaluate",
    "seqmill.cli.federated",
    "seqmill.cli.train",
    "seqmill.comparison.report",
    "seqmill.evaluation.run",
    "seqmill.profiles.build",
    "seqmill.shards.collect",
    "seqmill.tracking.run",
    "seqmill.training.compose",
    "seqmill.training.federated.average",
    "seqmill.training.federated.site",
    "seqmill.training.train",
)
CLIENT = """#!{python} -IS
import json, os, socket, sys
asked = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
asked.connect({address!r})
request = json.dumps([os.getcwd(), dict(os.environ), sys.argv])
socket.send_fds(asked, [request.encode()], [1, 2])
sys.exit(json.loads(asked.recv(100)))
"""


def main(folder: Path) -> None:
    for name in MODULES:
        importlib.import_module(name)
    address = str(folder / "socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(address)
        listening.listen()
        client = folder / "seqmill"
        client.write_text(CLIENT.format(python=sys.executable, address=address))
        client.chmod(0o755)
        (folder / "bashenv").write_text(f'seqmill() {{ "{client}" "$@"; }}\n')
        print("ready", flush=True)
        while True:
            asking, _ = listening.accept()
            with asking:
                _answer(asking)


def _answer(asking: socket.socket) -> None:
    request, outputs, _, _ = socket.recv_fds(asking, LARGEST, 2)
    child = os.fork()
    if child == 0:
        _run(*json.loads(request), outputs)
    for output in outputs:
        os.close(output)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    asking.send(json.dumps(code if code >= 0 else 128 - code).encode())


def _run(folder: str, environment: dict[str, str], args: list[str], outputs: list[int]) -> None:
    code = 1
    try:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        for number, output in enumerate(outputs, start=1):
            os.dup2(output, number)
        sys.argv = args
        from seqmill.cli.main import main as command

        command()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

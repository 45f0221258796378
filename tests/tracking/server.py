"""An ``mlflow server`` of one's own."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seqmill.tracking.ui import free_port

WAIT_S = 300

# A request may hold two connections, and the server answers up to 40 at once: with MLflow's 5 + 10 they block
# each other for 30 s and fail. PostgreSQL itself allows 100.
SETTINGS = {
    "MLFLOW_SQLALCHEMYSTORE_POOL_SIZE": "40",
    "MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW": "40",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
}


@contextmanager
def mlflow_server(database: str, folder: Path) -> Iterator[str]:
    """Run a server on a database, its files and its log in `folder`; give its address."""
    port = free_port(5100)
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", database]
    command += ["--artifacts-destination", str(folder / "artifacts"), "--workers", "1", "--port", str(port)]
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, env=os.environ | SETTINGS, start_new_session=True
        )
    address = f"http://127.0.0.1:{port}"
    try:
        ends = time.monotonic() + WAIT_S
        while not _is_healthy(address):
            assert process.poll() is None and time.monotonic() < ends, (folder / "log").read_text()
            time.sleep(0.5)
        yield address
    finally:
        os.killpg(process.pid, 15)
        process.wait()


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False

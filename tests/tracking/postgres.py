"""A PostgreSQL server of one's own, on a socket in a folder that goes away with it, and MLflow's on it."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from seqmill.tracking.ui import free_port

WAIT_S = 120
MLFLOW_WAIT_S = 300

# A request may hold two connections, and the server answers up to 40 at once: with MLflow's 5 + 10 they block
# each other for 30 s and fail. PostgreSQL itself allows 100.
_MLFLOW = {
    "MLFLOW_SQLALCHEMYSTORE_POOL_SIZE": "40",
    "MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW": "40",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
}


def programs() -> Path | None:
    """Give the folder of PostgreSQL's programs, the newest; None where it is not installed."""
    known = shutil.which("initdb")
    folders = [Path(known).resolve().parent] if known else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    return next(
        (path for path in folders if (path / "initdb").exists() and (path / "postgres").exists()), None
    )


def missing() -> str:
    """Say why no server can be started; empty when one can."""
    if programs() is None:
        return "no initdb and postgres found (Debian package postgresql)"
    if find_spec("psycopg2") is None:
        return "no psycopg2 found (pip install psycopg2-binary)"
    if os.getuid() == 0 and _user() is None:
        return "PostgreSQL does not run as root, and there is no user postgres to run it as"
    return ""


@contextmanager
def server() -> Iterator[str]:
    """Run a server; give its address for SQLAlchemy."""
    found = programs()
    assert found is not None
    user = _user() if os.getuid() == 0 else None
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has at most 107 characters
    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        subprocess.run(
            [found / "initdb", "-D", data, "-U", "seqmill", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=folder,
            **as_user,
        )
        with open(folder / "log", "w") as log:
            process = subprocess.Popen(
                [found / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses="],
                stdout=log,
                stderr=log,
                cwd=folder,
                **as_user,
            )
        try:
            _wait(process, folder)
            yield f"postgresql+psycopg2://seqmill@/postgres?host={folder}"
        finally:
            process.send_signal(signal.SIGINT)  # a fast shutdown
            process.wait()
    finally:
        shutil.rmtree(folder)


@contextmanager
def mlflow_server(database: str, folder: Path) -> Iterator[str]:
    """Run ``mlflow server`` on a database, its log and files in a folder; give its address."""
    port = free_port(5100)
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", database]
    command += ["--artifacts-destination", str(folder / "artifacts"), "--workers", "1", "--port", str(port)]
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, env=os.environ | _MLFLOW, start_new_session=True
        )
    address = f"http://127.0.0.1:{port}"
    try:
        ends = time.monotonic() + MLFLOW_WAIT_S
        while not _is_healthy(address):
            if process.poll() is not None or time.monotonic() > ends:
                raise RuntimeError((folder / "log").read_text())
            time.sleep(0.5)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _wait(process: subprocess.Popen, folder: Path) -> None:
    import psycopg2

    ends = time.monotonic() + WAIT_S
    while True:
        try:
            psycopg2.connect(host=str(folder), user="seqmill", dbname="postgres").close()
            return
        except psycopg2.OperationalError:
            if process.poll() is not None or time.monotonic() > ends:
                raise RuntimeError((folder / "log").read_text()) from None
            time.sleep(0.2)


def _user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None

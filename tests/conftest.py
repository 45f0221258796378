"""Properties are tested on the same examples in each run, never on time; several workers share files out."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

settings.register_profile("seqmill", deadline=None, derandomize=True)
settings.load_profile("seqmill")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the public data; a test that asks for it is skipped where it is missing."""
    folder = Path(os.environ.get("SEQMILL_DATA", "../shared/data")).resolve()
    if not folder.is_dir():
        pytest.skip(f"no public data at {folder}; set SEQMILL_DATA (see config/real/README.md)")
    return folder


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An initialised SQLite store, to be copied: making one takes a second."""
    from seqmill.tracking.store import init_store

    path = tmp_path_factory.mktemp("store") / "mlflow.db"
    init_store(f"sqlite:///{path}", "toys")
    return path


class Files(LoadScopeScheduling):
    """Gives a file's tests to one worker, for they share fixtures; the Slurm tests are as one file."""

    def _split_scope(self, nodeid: str) -> str:
        return "slurm" if nodeid.startswith("tests/slurm/") else nodeid.split("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Files:
    """Distribute by file."""
    return Files(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the Slurm tests: they wait more than they compute."""
    items.sort(key=lambda item: item.path.parent.name != "slurm")

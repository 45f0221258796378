"""Properties are tested on the same examples in each run, and never on time."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

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

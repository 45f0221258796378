"""Keys of tests: made up, and secret from nobody."""

import pytest

from seqmill.privacy.keys import COMMAND, VARIABLE, Key

SECRET, OTHER = "0f" * 32, "ab" * 32


@pytest.fixture
def key() -> Key:
    return Key(bytes.fromhex(SECRET))


@pytest.fixture
def no_key(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in (VARIABLE, COMMAND):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture
def given(no_key: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Give the key of `key` in the environment."""
    no_key.setenv(VARIABLE, SECRET)
    return no_key

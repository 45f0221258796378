"""``seqmill pseudonyms`` tells what names become, to who has the key."""

import pytest
from click.testing import CliRunner

from seqmill.cli.main import cli
from seqmill.errors import InputError
from seqmill.privacy.keys import find_key
from seqmill.privacy.pseudonyms import pseudonym


def test_names_and_pseudonyms(monkeypatch):
    monkeypatch.setenv("SEQMILL_KEY", "0f" * 32)
    told = CliRunner().invoke(cli, ["pseudonyms", "ada", "bo"], catch_exceptions=False).output
    assert told == f"ada\t{pseudonym(find_key(), 'ada')}\nbo\t{pseudonym(find_key(), 'bo')}\n"


def test_without_a_key_nothing_is_told(monkeypatch):
    monkeypatch.delenv("SEQMILL_KEY", raising=False)
    with pytest.raises(InputError, match="no key"):
        CliRunner().invoke(cli, ["pseudonyms", "ada"], catch_exceptions=False, standalone_mode=False)

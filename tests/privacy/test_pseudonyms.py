"""Pseudonyms are a keyed hash: the same for the same name and key, another for any other."""

import hashlib
import hmac

import pytest

from seqmill.errors import InputError
from seqmill.privacy import pseudonyms as module
from seqmill.privacy.keys import Key
from seqmill.privacy.pseudonyms import pseudonym, pseudonyms, read_key
from tests.privacy.conftest import OTHER


def test_a_pseudonym_is_the_beginning_of_an_hmac(key):
    wanted = hmac.new(key.derived("pseudonyms"), b"ada", hashlib.sha256).hexdigest()[:16]
    assert pseudonym(key, "ada") == f"p{wanted}"


def test_names_and_keys_that_differ_give_other_pseudonyms(key):
    found = pseudonyms(key, [f"person {number}" for number in range(1000)])
    assert len(set(found.values())) == 1000 and list(found)[:2] == ["person 0", "person 1"]
    assert pseudonym(Key(bytes.fromhex(OTHER)), "ada") != pseudonym(key, "ada")


def test_two_names_of_one_pseudonym_are_refused_unnamed(key, monkeypatch):
    monkeypatch.setattr(module, "_DIGITS", 0)
    with pytest.raises(InputError, match="same pseudonym") as caught:
        pseudonyms(key, ["ada", "bo"])
    assert "ada" not in str(caught.value)


def test_reads_of_samples_have_keys_of_their_own(key):
    assert len({read_key(key, "p1"), read_key(key, "p2"), key.derived("reads of p1")}) == 3
    assert len(read_key(key, "p1")) == 16

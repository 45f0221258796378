"""The key comes from the environment, and no message tells it."""

import hashlib
import hmac

import pytest

from seqmill.errors import InputError
from seqmill.privacy.keys import COMMAND, VARIABLE, Key, find_key
from tests.privacy.conftest import OTHER, SECRET


def refusal():
    with pytest.raises(InputError) as caught:
        find_key()
    return str(caught.value)


def test_the_key_of_the_variable(given):
    assert find_key() == Key(bytes.fromhex(SECRET))


def test_the_key_that_a_command_prints(no_key, tmp_path):
    (tmp_path / "key").write_text(f"{OTHER}\n")
    no_key.setenv(COMMAND, f"cat '{tmp_path / 'key'}'")
    assert find_key() == Key(bytes.fromhex(OTHER))


def test_no_key(no_key):
    assert VARIABLE in refusal() and "openssl rand -hex 32" in refusal()


def test_two_keys(given):
    given.setenv(COMMAND, "true")
    assert "both are set" in refusal()


@pytest.mark.parametrize("text", ["mysecret", SECRET[:-2], SECRET + "00", "g" * 64])
def test_what_is_no_key_is_not_told(given, text):
    given.setenv(VARIABLE, text)
    message = refusal()
    assert message.startswith(f"{VARIABLE}: found something that is no key") and text not in message


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("false", "exit code 1"),
        ("/no/such/program", "cannot be run (FileNotFoundError)"),
        ("echo halfsecret", "no key"),
        ("sh -c 'echo halfsecret >&2; exit 3'", "exit code 3"),
    ],
)
def test_a_command_that_fails_tells_nothing_it_printed(no_key, command, said):
    no_key.setenv(COMMAND, command)
    message = refusal()
    assert said in message and "halfsecret" not in message


def test_the_secret_is_in_no_representation(key):
    assert SECRET not in f"{key} {key!r} {key.name}" and str(key.secret) not in repr(key)


def test_each_purpose_has_a_key_of_its_own(key):
    wanted = hmac.new(bytes.fromhex(SECRET), b"seqmill encryption", hashlib.sha256).digest()
    assert key.derived("encryption") == wanted
    assert key.derived("pseudonyms") != wanted
    assert Key(bytes.fromhex(OTHER)).name != key.name and len(key.name) == 16

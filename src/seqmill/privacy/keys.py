"""The secret key of a project: given by the environment, told to nobody."""

import hashlib
import hmac
import os
import shlex
import subprocess
from dataclasses import dataclass, field
from functools import lru_cache

from seqmill.errors import InputError

VARIABLE, COMMAND = "SEQMILL_KEY", "SEQMILL_KEY_COMMAND"
"""Variables of the environment: the key itself, or a command that prints it."""

_BYTES = 32
_SECONDS = 60
_WANTED = f"{2 * _BYTES} hexadecimal digits, such as 'openssl rand -hex {_BYTES}' prints"


@dataclass(frozen=True)
class Key:
    """A secret of 32 bytes, from which one key for each purpose is derived.

    Parameters
    ----------
    secret : bytes
        The 32 bytes; no message or representation shows them.
    """

    secret: bytes = field(repr=False)

    def derived(self, purpose: str) -> bytes:
        """Give the 32 bytes for one purpose: HMAC-SHA-256 (RFC 2104) of its name."""
        return hmac.digest(self.secret, f"seqmill {purpose}".encode(), "sha256")

    @property
    def name(self) -> str:
        """What tells keys apart in messages and files: 16 hexadecimal digits that say nothing of the key."""
        return hashlib.sha256(self.derived("name")).hexdigest()[:16]


def find_key() -> Key:
    """Give the key that the environment names.

    Raises
    ------
    InputError
        When there is none, it is no key, or the command fails; neither the key nor what the command printed
        is in the message.
    """
    given = {name: os.environ.get(name, "") for name in (VARIABLE, COMMAND)}
    if all(given.values()):
        raise InputError(f"{VARIABLE}, {COMMAND}: both are set, wanted one of them; unset the other")
    if given[COMMAND]:
        return Key(_secret(_printed(given[COMMAND]), f"{COMMAND}: what the command printed"))
    if given[VARIABLE]:
        return Key(_secret(given[VARIABLE], VARIABLE))
    raise InputError(
        f"no key found; wanted {_WANTED}, in the environment variable {VARIABLE}, or a command that prints "
        f"them in {COMMAND}"
    )


def _secret(text: str, where: str) -> bytes:
    try:
        secret = bytes.fromhex(text.strip())
    except ValueError:
        secret = b""
    if len(secret) != _BYTES:
        raise InputError(f"{where}: found something that is no key, wanted {_WANTED}")
    return secret


@lru_cache(maxsize=1)
def _printed(command: str) -> str:
    """Run the command, once in a process."""
    try:
        done = subprocess.run(shlex.split(command), capture_output=True, text=True, timeout=_SECONDS)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise InputError(
            f"{COMMAND}: the command cannot be run ({type(error).__name__}); wanted one that prints the key"
        ) from None
    if done.returncode:
        raise InputError(
            f"{COMMAND}: the command ended with exit code {done.returncode}; see that it prints the key when "
            "it is called by hand"
        )
    return done.stdout

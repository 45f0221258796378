"""Pseudonyms: names that only who has the key can tie to a person.

The data stay personal data: who has the key, or compares genomes, finds the person again.
"""

import hmac
from collections.abc import Iterable

from seqmill.errors import InputError
from seqmill.privacy.keys import Key

_DIGITS = 16


def pseudonym(key: Key, name: str) -> str:
    """Give the pseudonym of a sample or person: ``p`` and 64 bits of HMAC-SHA-256 under the key."""
    return "p" + hmac.new(key.derived("pseudonyms"), name.encode(), "sha256").hexdigest()[:_DIGITS]


def pseudonyms(key: Key, names: Iterable[str]) -> dict[str, str]:
    """Give each name's pseudonym, in the order of the names.

    Raises
    ------
    InputError
        When two names have the same one, which is not expected below a thousand million names.
    """
    found = {name: pseudonym(key, name) for name in names}
    if len(set(found.values())) < len(found):
        raise InputError(
            "two samples have the same pseudonym; give one of them another name, or take a new key"
        )
    return found


def read_key(key: Key, sample: str) -> bytes:
    """Give the 16 bytes under which the names of a sample's reads are hashed."""
    return key.derived(f"reads of {sample}")[:16]

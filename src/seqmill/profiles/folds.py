"""Which fold a group lies in: a keyed hash, so that no other group has a say."""

import hashlib
from collections.abc import Sequence

_SEPARATOR = "\x1f"


def group_of(parts: Sequence[str]) -> str:
    """Join what a group is made of to one word."""
    return _SEPARATOR.join(parts)


def fold_of(group: str, *, folds: int, key: str = "") -> int:
    """Give the fold of a group, from 0.

    BLAKE2b (RFC 7693) of the group, keyed; the same in every dataset that has the key.
    """
    digest = hashlib.blake2b(group.encode(), key=key.encode()[:64], digest_size=8).digest()
    return int.from_bytes(digest, "big") % folds

"""Random streams that depend on what they are for, never on when or where they run."""

import hashlib

import numpy as np


def stream_key(seed: int, *names: str | int) -> int:
    """Give the 64-bit key of the stream that belongs to `names` under `seed`.

    The key is BLAKE2b over the seed and the names, so it is the same in every process and order of work.
    """
    text = "\x1f".join([str(seed), *map(str, names)])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """Give the Philox generator that belongs to `names` under `seed` (Salmon et al. 2011)."""
    return np.random.Generator(np.random.Philox(key=stream_key(seed, *names)))

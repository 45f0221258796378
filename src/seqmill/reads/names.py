"""A seeded 64-bit hash of read names: which pairs are kept is decided by name alone, never by order."""

import numpy as np
from numba import njit

_FNV_OFFSET = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)


@njit(cache=True, nogil=True, inline="always")
def mix(value: np.uint64) -> np.uint64:
    """Spread the bits of a 64-bit word (the finaliser of splitmix64; Steele et al. 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@njit(cache=True, nogil=True)
def hash_name(buffer: np.ndarray, at: int, length: int, seed: int) -> np.uint64:
    """Hash `length` bytes of a uint8 array from offset `at`: seeded FNV-1a, then `mix`.

    Both mates of a pair carry one name, so they share one hash.
    """
    state = _FNV_OFFSET ^ mix(np.uint64(seed) + np.uint64(0x9E3779B97F4A7C15))
    for k in range(length):
        state = (state ^ np.uint64(buffer[at + k])) * _FNV_PRIME
    return mix(state)


@njit(cache=True, nogil=True)
def hash_names(buffer: np.ndarray, at: np.ndarray, lengths: np.ndarray, seed: int) -> np.ndarray:
    """Hash many names that lie in one buffer; gives uint64, shape (n,)."""
    hashes = np.empty(len(at), np.uint64)
    for row in range(len(at)):
        hashes[row] = hash_name(buffer, at[row], lengths[row], seed)
    return hashes


def keep_threshold(fraction: float) -> np.uint64:
    """Give the largest hash that is kept when `fraction` (0 to 1) of the pairs is wanted."""
    return np.uint64(min(max(int(fraction * 2.0**64), 0), 2**64 - 1))


def keep_name(name: str, *, fraction: float, seed: int) -> bool:
    """Say whether the pair called `name` is in the seeded sample of `fraction` of all pairs."""
    encoded = np.frombuffer(name.encode(), np.uint8)
    return bool(hash_name(encoded, 0, len(encoded), seed) <= keep_threshold(fraction))

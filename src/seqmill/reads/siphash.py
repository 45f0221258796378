"""SipHash-2-4 with 128 bits (Aumasson and Bernstein 2012): a keyed hash of short texts, fast and one-way."""

import numpy as np
from numba import njit

_LAST = np.uint64(56)


@njit(cache=True, nogil=True, inline="always")
def _rotated(word: np.uint64, by: int) -> np.uint64:
    return (word << np.uint64(by)) | (word >> np.uint64(64 - by))


@njit(cache=True, nogil=True, inline="always")
def _round(
    v0: np.uint64, v1: np.uint64, v2: np.uint64, v3: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    v0 += v1
    v1 = _rotated(v1, 13) ^ v0
    v0 = _rotated(v0, 32)
    v2 += v3
    v3 = _rotated(v3, 16) ^ v2
    v0 += v3
    v3 = _rotated(v3, 21) ^ v0
    v2 += v1
    v1 = _rotated(v1, 17) ^ v2
    v2 = _rotated(v2, 32)
    return v0, v1, v2, v3


@njit(cache=True, nogil=True)
def siphash(buffer: np.ndarray, at: int, length: int, key: np.ndarray) -> tuple[np.uint64, np.uint64]:
    """Hash `length` bytes of a uint8 array from offset `at` under a key.

    Parameters
    ----------
    buffer : np.ndarray, uint8
        Holds them.
    at, length : int
        Which bytes.
    key : np.ndarray, uint64, shape (2,)
        The 128 bits of the key, little-endian.

    Returns
    -------
    tuple of uint64
        First and second half of the hash, little-endian.
    """
    v0 = key[0] ^ np.uint64(0x736F6D6570736575)
    v1 = key[1] ^ np.uint64(0x646F72616E646F6D) ^ np.uint64(0xEE)
    v2 = key[0] ^ np.uint64(0x6C7967656E657261)
    v3 = key[1] ^ np.uint64(0x7465646279746573)
    whole = length & ~7
    for begin in range(0, whole + 8, 8):
        word = np.uint64(0)
        count = 8 if begin < whole else length - whole
        for k in range(count):
            word |= np.uint64(buffer[at + begin + k]) << np.uint64(8 * k)
        if begin == whole:
            word |= np.uint64(length & 0xFF) << _LAST
        v3 ^= word
        for _ in range(2):
            v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        v0 ^= word
    v2 ^= np.uint64(0xEE)
    for _ in range(4):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    first = v0 ^ v1 ^ v2 ^ v3
    v1 ^= np.uint64(0xDD)
    for _ in range(4):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return first, v0 ^ v1 ^ v2 ^ v3


def key_words(key: bytes) -> np.ndarray:
    """Give 16 bytes as the two words of a key."""
    return np.frombuffer(key, "<u8", count=2).astype(np.uint64)

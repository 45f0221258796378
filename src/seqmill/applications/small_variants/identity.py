"""Identities of many examples at once: the value of `seqmill.shards.order.example_id`, compiled.

BLAKE2b with 8 bytes of digest (RFC 7693) over the same length-prefixed parts.
"""

import numpy as np
from numba import njit

from seqmill.applications.small_variants.candidates import Texts

_BLOCK = 128
_START = np.array(
    [
        0x6A09E667F3BCC908,
        0xBB67AE8584CAA73B,
        0x3C6EF372FE94F82B,
        0xA54FF53A5F1D36F1,
        0x510E527FADE682D1,
        0x9B05688C2B3E6C1F,
        0x1F83D9ABFB41BD6B,
        0x5BE0CD19137E2179,
    ],
    np.uint64,
)
_PARAMETERS = np.uint64(0x01010008)  # digest of 8 bytes, no key, sequential
_PERMUTATIONS = np.array(
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
    ],
    np.uint8,
)


def example_ids(parts: tuple[str, ...], positions: np.ndarray, ref: Texts, alt: Texts) -> np.ndarray:
    """Give ``example_id(*parts, position, ref, alt)`` for each of `n` examples.

    Parameters
    ----------
    parts : tuple of str
        What all of them share.
    positions : np.ndarray, int32, shape (n,)
        Not negative.
    ref, alt : Texts
        `n` strings each.

    Returns
    -------
    np.ndarray, uint64, shape (n,)
    """
    shared = b"".join(len(text).to_bytes(4, "little") + text for text in (part.encode() for part in parts))
    ids = np.empty(len(positions), np.uint64)
    _identify(np.frombuffer(shared, np.uint8), positions, *ref, *alt, ids)
    return ids


@njit(cache=True, nogil=True)
def _identify(
    shared: np.ndarray,
    positions: np.ndarray,
    ref: np.ndarray,
    ref_at: np.ndarray,
    alt: np.ndarray,
    alt_at: np.ndarray,
    ids: np.ndarray,
) -> None:
    longest = 0
    for row in range(len(positions)):
        longest = max(longest, ref_at[row + 1] - ref_at[row] + alt_at[row + 1] - alt_at[row])
    message = np.zeros(len(shared) + longest + 64 + _BLOCK, np.uint8)
    message[: len(shared)] = shared
    digits = np.empty(20, np.uint8)
    for row in range(len(positions)):
        count, left = 0, np.int64(positions[row])
        while left > 0 or count == 0:
            digits[count] = 48 + left % 10
            left //= 10
            count += 1
        at = _prefix(message, len(shared), count)
        for step in range(count):
            message[at + step] = digits[count - 1 - step]
        at = _text(message, at + count, ref, ref_at[row], ref_at[row + 1])
        at = _text(message, at, alt, alt_at[row], alt_at[row + 1])
        message[at : at + _BLOCK] = 0
        ids[row] = _blake2b(message, at)


@njit(cache=True, nogil=True)
def _prefix(message: np.ndarray, at: int, length: int) -> int:
    """Write a length as four little-endian bytes; give the place behind them."""
    for step in range(4):
        message[at + step] = length >> (8 * step) & 255
    return at + 4


@njit(cache=True, nogil=True)
def _text(message: np.ndarray, at: int, letters: np.ndarray, first: int, last: int) -> int:
    """Write a length-prefixed text; give the place behind it."""
    at = _prefix(message, at, last - first)
    for step in range(last - first):
        message[at + step] = letters[first + step]
    return at + last - first


@njit(cache=True, nogil=True, inline="always")
def _turned(word: np.uint64, by: int) -> np.uint64:
    return word >> np.uint64(by) | word << np.uint64(64 - by)


@njit(cache=True, nogil=True, inline="always")
def _mixed(
    a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64, x: np.uint64, y: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    a = a + b + x
    d = _turned(d ^ a, 32)
    c = c + d
    b = _turned(b ^ c, 24)
    a = a + b + y
    d = _turned(d ^ a, 16)
    c = c + d
    b = _turned(b ^ c, 63)
    return a, b, c, d


@njit(cache=True, nogil=True)
def _blake2b(message: np.ndarray, length: int) -> np.uint64:
    """Give the digest of ``message[:length]``, which zeros follow up to a whole block."""
    h = _START.copy()
    h[0] ^= _PARAMETERS
    w = np.empty(16, np.uint64)
    blocks = max(1, (length + _BLOCK - 1) // _BLOCK)
    for block in range(blocks):
        for word in range(16):
            value = np.uint64(0)
            for step in range(8):
                value |= np.uint64(message[block * _BLOCK + 8 * word + step]) << np.uint64(8 * step)
            w[word] = value
        a0, a1, a2, a3, b0, b1, b2, b3 = h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7]
        c0, c1, c2, c3 = _START[0], _START[1], _START[2], _START[3]
        d0, d1, d2, d3 = _START[4], _START[5], _START[6], _START[7]
        d0 ^= np.uint64(min(length, (block + 1) * _BLOCK))
        if block == blocks - 1:
            d2 = ~d2
        for turn in range(12):
            p = _PERMUTATIONS[turn % 10]
            a0, b0, c0, d0 = _mixed(a0, b0, c0, d0, w[p[0]], w[p[1]])
            a1, b1, c1, d1 = _mixed(a1, b1, c1, d1, w[p[2]], w[p[3]])
            a2, b2, c2, d2 = _mixed(a2, b2, c2, d2, w[p[4]], w[p[5]])
            a3, b3, c3, d3 = _mixed(a3, b3, c3, d3, w[p[6]], w[p[7]])
            a0, b1, c2, d3 = _mixed(a0, b1, c2, d3, w[p[8]], w[p[9]])
            a1, b2, c3, d0 = _mixed(a1, b2, c3, d0, w[p[10]], w[p[11]])
            a2, b3, c0, d1 = _mixed(a2, b3, c0, d1, w[p[12]], w[p[13]])
            a3, b0, c1, d2 = _mixed(a3, b0, c1, d2, w[p[14]], w[p[15]])
        h[0] ^= a0 ^ c0
        h[1] ^= a1 ^ c1
        h[2] ^= a2 ^ c2
        h[3] ^= a3 ^ c3
        h[4] ^= b0 ^ d0
        h[5] ^= b1 ^ d1
        h[6] ^= b2 ^ d2
        h[7] ^= b3 ^ d3
    return h[0]

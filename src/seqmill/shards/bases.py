"""Sequence at two bits a base: a quarter of the bytes to store, read and hold, unpacked into each batch."""

import numpy as np
import numpy.typing as npt
from numba import njit

from seqmill.genome.bases import AMBIGUOUS


def packed_bytes(size: int) -> int:
    """Give the bytes that `size` bases take: two bits each, and a bit each for what is no base."""
    return -(-size // 4) + -(-size // 8)


def pack_bases(codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Pack sequences for a column of kind ``bases``.

    Parameters
    ----------
    codes : uint8 array [n, size]
        0 to 3 for A, C, G, T and 4 for what is none of them.

    Returns
    -------
    uint8 array [n, packed_bytes(size)]
        Four bases a byte, the first lowest; then eight positions a byte, set where the code is 4.

    Raises
    ------
    ValueError
        When a code is above 4.
    """
    if codes.size and codes.max() > AMBIGUOUS:
        raise ValueError(f"base code {codes.max()} found, 0 to {AMBIGUOUS} wanted")
    n, size = codes.shape
    quads = np.zeros((n, -(-size // 4) * 4), np.uint8)
    quads[:, :size] = codes & 3
    quads = quads.reshape(n, -(-size // 4), 4)
    two_bits = quads[..., 0] | quads[..., 1] << 2 | quads[..., 2] << 4 | quads[..., 3] << 6
    return np.concatenate([two_bits, np.packbits(codes == AMBIGUOUS, axis=1, bitorder="little")], axis=1)


@njit(nogil=True, cache=True)
def unpack_bases(packed, out):  # type: ignore[no-untyped-def]
    """Unpack one row, uint8 [packed_bytes(size)], into `out`, uint8 [size]."""
    size = np.uint64(out.size)
    quads, last = size // np.uint64(4), np.uint8(3)
    for quad in range(quads):
        byte, at = packed[quad], np.uint64(4) * quad
        out[at] = byte & last
        out[at + np.uint64(1)] = byte >> np.uint8(2) & last
        out[at + np.uint64(2)] = byte >> np.uint8(4) & last
        out[at + np.uint64(3)] = byte >> np.uint8(6)
    for place in range(np.uint64(4) * quads, size):
        out[place] = packed[quads] >> np.uint8(np.uint64(2) * (place & np.uint64(3))) & last
    mask = (size + np.uint64(3)) // np.uint64(4)
    for byte in range((size + np.uint64(7)) // np.uint64(8)):
        if packed[mask + byte]:
            for place in range(np.uint64(8) * byte, min(np.uint64(8) * byte + np.uint64(8), size)):
                if packed[mask + byte] >> np.uint8(place & np.uint64(7)) & np.uint8(1):
                    out[place] = np.uint8(AMBIGUOUS)

"""The stored order of examples: a hash of what an example is, so that it hangs on nothing else."""

import hashlib

import numpy as np
import numpy.typing as npt

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def example_id(*parts: str | int) -> int:
    """Give the stable 64-bit identity of the example that `parts` describe.

    Parameters
    ----------
    *parts : str or int
        What the example is, such as sample, contig, start and alleles; never where it is stored.

    Returns
    -------
    int
        BLAKE2b of the length-prefixed parts, in [0, 2**64).
    """
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        text = str(part).encode()
        digest.update(len(text).to_bytes(4, "little"))
        digest.update(text)
    return int.from_bytes(digest.digest(), "little")


def order_key(seed: int, ids: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Give the key by which examples are laid down.

    For one seed the key is a bijection of the id, so distinct examples never tie.

    Parameters
    ----------
    seed : int
        Seed of the dataset, in [0, 2**64).
    ids : uint64 array [n]
        Example ids.

    Returns
    -------
    uint64 array [n]
        SplitMix64 (Steele, Lea and Flood 2014) of the id, offset by the mixed seed.
    """
    offset = _mix(np.array([seed], dtype=np.uint64))
    return _mix(np.asarray(ids, dtype=np.uint64) ^ offset)


def _mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    mixed = values + _STEP
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    return mixed ^ (mixed >> np.uint64(31))

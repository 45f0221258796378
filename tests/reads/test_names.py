"""The name hash: the same for both mates, even over names, nested over fractions."""

import numpy as np
import pytest

from seqmill.reads.names import hash_names, keep_name, keep_threshold

PINNED = [511439308362406465, 17577751997781187931]
NAMES = [f"run:1:{i}:{7 * i % 1009}" for i in range(20_000)]


def hashes(seed: int) -> np.ndarray:
    encoded = [name.encode() for name in NAMES]
    lengths = np.array([len(name) for name in encoded], np.int32)
    at = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    return hash_names(np.frombuffer(b"".join(encoded), np.uint8), at, lengths, seed)


@pytest.mark.parametrize("fraction", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_the_kept_share_is_the_fraction(fraction: float) -> None:
    kept = (hashes(3) <= keep_threshold(fraction)).mean()
    assert abs(kept - fraction) < 4 * np.sqrt(0.25 / len(NAMES))


def test_a_smaller_sample_lies_inside_a_larger_one() -> None:
    small, large = (hashes(3) <= keep_threshold(f) for f in (0.2, 0.6))
    assert (large | ~small).all()


def test_seeds_draw_other_samples() -> None:
    one, other = (hashes(seed) <= keep_threshold(0.5) for seed in (1, 2))
    assert abs((one & other).mean() - 0.25) < 0.02


def test_a_single_name_agrees_with_many() -> None:
    many = hashes(5) <= keep_threshold(0.3)
    assert [keep_name(name, fraction=0.3, seed=5) for name in NAMES[:200]] == many[:200].tolist()


def test_hashes_of_distinct_names_are_distinct_and_never_change() -> None:
    found = hashes(0)
    assert len(np.unique(found)) == len(NAMES)
    assert found[:2].tolist() == PINNED

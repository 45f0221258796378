"""The reference vectors of SipHash-2-4 with 128 bits, key 00 to 0f (Aumasson and Bernstein's own)."""

import numpy as np
import pytest

from seqmill.reads.siphash import key_words, siphash

KEY = key_words(bytes(range(16)))


@pytest.mark.parametrize(
    ("length", "wanted"),
    [
        (0, "a3817f04ba25a8e66df67214c7550293"),
        (1, "da87c1d86b99af44347659119b22fc45"),
        (8, "3b62a9ba6258f5610f83e264f31497b4"),
        (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
    ],
)
def test_the_hash_of_so_many_counting_bytes(length, wanted):
    halves = siphash(np.arange(length, dtype=np.uint8), 0, length, KEY)
    assert b"".join(int(half).to_bytes(8, "little") for half in halves).hex() == wanted


def test_only_the_bytes_asked_for_count():
    around = np.array([9, 9, *range(15), 9], np.uint8)
    assert siphash(around, 2, 15, KEY) == siphash(np.arange(15, dtype=np.uint8), 0, 15, KEY)


def test_another_key_gives_another_hash():
    text = np.arange(15, dtype=np.uint8)
    assert siphash(text, 0, 15, key_words(bytes(16))) != siphash(text, 0, 15, KEY)

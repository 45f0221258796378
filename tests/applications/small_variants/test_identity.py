"""Compiled identities against hashlib's."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seqmill.applications.small_variants.candidates import Texts
from seqmill.applications.small_variants.identity import example_ids
from seqmill.shards.order import example_id

ALLELE = st.text("ACGTN", min_size=1, max_size=150)


def texts(strings: list[str]) -> Texts:
    ends = np.cumsum([0, *map(len, strings)]).astype(np.int32)
    return Texts(np.frombuffer("".join(strings).encode(), np.uint8), ends)


@given(
    parts=st.tuples(st.text(max_size=80), st.sampled_from(["full", "10"]), st.text(max_size=70)),
    rows=st.lists(st.tuples(st.integers(0, 2**31 - 1), ALLELE, ALLELE), max_size=5),
)
def test_identities_are_those_of_the_shards(
    parts: tuple[str, str, str], rows: list[tuple[int, str, str]]
) -> None:
    positions = np.array([row[0] for row in rows], np.int32)
    found = example_ids(parts, positions, texts([row[1] for row in rows]), texts([row[2] for row in rows]))
    assert found.tolist() == [example_id(*parts, *row) for row in rows]


def test_a_message_of_whole_blocks() -> None:
    """The digest of 128 bytes is that of one block, not of one and an empty one."""
    for filler in range(60, 200):
        parts = ("x" * filler, "full", "c")
        found = example_ids(parts, np.array([7], np.int32), texts(["A"]), texts(["C"]))
        assert found[0] == example_id(*parts, 7, "A", "C")

"""Cells relative to the reference, against the rule spelt out cell by cell."""

from itertools import pairwise

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqmill.applications.small_variants.expand import exchange
from seqmill.applications.small_variants.relative import relate

COLUMNS, WIDTH = 5, 13


def spelt_out(base: int, reference: int) -> int:
    if reference in (1, 2, 3, 4):
        if base == reference:
            return 1
        if base == 1:
            return reference
    return base


@given(seed=st.integers(0, 2**32 - 1), rows=st.lists(st.integers(1, 6), max_size=4))
def test_cells_follow_the_rule_and_nothing_else_changes(seed: int, rows: list[int]) -> None:
    at = np.concatenate([[0], np.cumsum(rows)]).astype(np.int64) * WIDTH
    before = np.random.default_rng(seed).integers(0, 256, at[-1], dtype=np.uint8)
    after = before.copy()
    relate(after, at, COLUMNS)
    wanted = before.copy()
    for begin, end in pairwise(at):
        table = wanted[begin:end].reshape(-1, WIDTH)
        for row in table[1:]:
            for column in range(COLUMNS):
                base = spelt_out(row[column] >> 5, table[0, column] >> 5)
                row[column] = base << 5 | row[column] & 31
    assert after.tolist() == wanted.tolist()
    relate(after, at, COLUMNS)
    assert after.tolist() == before.tolist()


def test_codes_on_a_device_follow_the_same_rule() -> None:
    base, reference = torch.meshgrid(*[torch.arange(8, dtype=torch.uint8)] * 2, indexing="ij")
    wanted = [[spelt_out(one, other) for other in range(8)] for one in range(8)]
    assert exchange(base, reference).tolist() == wanted
    assert torch.equal(exchange(exchange(base, reference), reference), base)

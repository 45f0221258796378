"""Of several things that are known of a person at a site the best stays, in any order."""

from itertools import permutations

import numpy as np
import pytest

from seqmill.profiles.dosages import BLOCK, MATCH, MISSING, NOTHING, RECORD, Dosages


def laid(*told):
    found = Dosages(np.full((1, 1), MISSING, np.int8), np.zeros((1, 1), np.uint8))
    for kind, value in told:
        found.lay(np.array([0]), 0, np.array([value], np.int8), kind)
    return int(found.values[0, 0]), int(found.source[0, 0])


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ([(MATCH, 1), (RECORD, 0), (BLOCK, 2)], (1, MATCH)),
        ([(MATCH, MISSING), (RECORD, 0)], (MISSING, MATCH)),
        ([(RECORD, 0), (RECORD, 1), (BLOCK, 0)], (1, RECORD)),
        ([(MATCH, MISSING), (MATCH, 2)], (2, MATCH)),
        ([(BLOCK, MISSING)], (MISSING, BLOCK)),
        ([], (MISSING, NOTHING)),
    ],
)
def test_what_is_better_known_stays(told, wanted):
    assert {laid(*order) for order in permutations(told)} == {wanted}


def test_what_told_is_counted():
    values = np.array([[0, 1, MISSING, 2]], np.int8)
    found = Dosages(values, np.array([[NOTHING, MATCH, MATCH, BLOCK]], np.uint8))
    found.refused.update(low_depth=2, filtered=0)
    assert found.facts == {
        "dosages": {
            "absent_as_reference": 1,
            "reference_block": 1,
            "other_record": 0,
            "record": 1,
            "missing": 1,
        },
        "refused": {"low_depth": 2},
    }

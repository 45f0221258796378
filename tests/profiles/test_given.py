"""A group that stands in several given folds belongs to the first of the plan."""

import pyarrow as pa
import pytest

from seqmill.errors import InputError
from seqmill.profiles.given import settle
from seqmill.profiles.rows import Rows


def rows(**columns):
    return Rows(pa.table({"fold.split": columns["folds"], "group.split": columns["groups"]}), {"repeated": 1})


def test_the_first_fold_of_the_plan_keeps_the_group():
    given = {"split": ("test", "train")}
    before = {
        "one": rows(folds=["train", "train", "test"], groups=["a", "b", "c"]),
        "two": rows(folds=["test", "train"], groups=["b", "c"]),
    }
    with pytest.raises(InputError, match="rows of 'two'"):
        settle(before | {"two": rows(folds=["train"], groups=["c"])}, given)
    found = settle(before, given)
    assert found["one"].table["group.split"].to_pylist() == ["a", "c"]
    assert found["one"].dropped == {"repeated": 1, "other_fold_split": 1}
    assert found["two"].table["group.split"].to_pylist() == ["b"]
    pairs = [pair for one in found.values() for pair in one.table.to_pylist()]
    assert len({pair["group.split"] for pair in pairs}) == len(pairs) == 3


def test_without_given_folds_nothing_changes():
    before = {"one": rows(folds=["train", "test"], groups=["a", "a"])}
    assert settle(before, {}) == before

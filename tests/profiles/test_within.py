"""Folds that a user names pick their rows."""

import json

import pyarrow as pa
import pytest

from seqmill.errors import InputError
from seqmill.profiles.within import rows_within

KNOWN = ("person_0", "person_1", "person_2", "drug_0")


@pytest.fixture
def rows():
    table = pa.table({"fold.person": [0, 2, 1, 2], "fold.drug": [0, 0, 1, 1]})
    return table.replace_schema_metadata({"seqmill.folds": json.dumps({"kinds": ["person"], "count": 3})})


def test_rows_of_the_folds_are_within(rows):
    assert rows_within(rows, ["person_0", "person_2"], KNOWN).tolist() == [True, True, False, True]
    assert not rows_within(rows, [], KNOWN).any()


@pytest.mark.parametrize(
    ("folds", "named"), [(["person_9"], "no fold 'person_9'"), (["person_0", "drug_0"], "of one kind")]
)
def test_unknown_and_mixed_folds_are_refused(rows, folds, named):
    with pytest.raises(InputError, match=named):
        rows_within(rows, folds, KNOWN)

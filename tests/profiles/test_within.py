"""Folds that a user names pick their rows."""

import json

import pyarrow as pa
import pytest

from seqmill.errors import InputError
from seqmill.profiles.rows import FOLDS
from seqmill.profiles.within import rows_within

KNOWN = ("person_0", "person_1", "person_2", "person_held_out", "drug_0", "drug_1")


@pytest.fixture
def rows():
    table = pa.table({"fold.person": [0, 2, 1, 3], "fold.drug": [0, 0, 1, 1]})
    told = {"person": ["0", "1", "2", "held_out"], "drug": ["0", "1"]}
    return table.replace_schema_metadata({FOLDS: json.dumps(told)})


def test_rows_of_the_folds_are_within(rows):
    assert rows_within(rows, ["person_0", "person_2"], KNOWN).tolist() == [True, True, False, False]
    assert rows_within(rows, ["drug_1"], KNOWN).tolist() == [False, False, True, True]
    assert not rows_within(rows, [], KNOWN).any()


def test_a_given_fold_is_found_by_its_whole_name(rows):
    """Its name may hold what separates kind and number."""
    assert rows_within(rows, ["person_1", "person_held_out"], KNOWN).tolist() == [False, False, True, True]


@pytest.mark.parametrize(
    ("folds", "named"), [(["person_9"], "no fold 'person_9'"), (["person_0", "drug_0"], "of one kind")]
)
def test_unknown_and_mixed_folds_are_refused(rows, folds, named):
    with pytest.raises(InputError, match=named):
        rows_within(rows, folds, KNOWN)

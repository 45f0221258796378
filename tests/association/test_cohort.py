"""Who is tested, and who is left out for which reason."""

import numpy as np
import pytest

from seqmill.association.cohort import filled, read_cohort
from seqmill.errors import InputError
from seqmill.profiles.table import Block
from tests.association.conftest import PEOPLE


def test_people_without_label_or_covariate_are_left_out_and_counted(index):
    cohort = read_cohort(index, sample="cohort", label="tall", block="dosage", covariates=["covariates"])
    assert cohort.dropped == {"no_label": 1, "no_covariate": 1}
    assert cohort.ancestry is None
    assert len(cohort.ids) == PEOPLE + 1 - 2  # the stranger has an age, and so a profile
    assert cohort.covariate_names == ("age",)
    assert cohort.block.values.shape[0] == len(cohort.trait) == len(cohort.ids)


def test_folds_restrict_who_is_tested(index):
    parts = [
        read_cohort(index, sample="cohort", label="ill", block="dosage", folds=[f"person_{n}"])
        for n in range(4)
    ]
    held = [one for part in parts for one in part.ids]
    assert len(held) == len(set(held)) == PEOPLE + 1
    assert parts[0].dropped["other_fold"] == PEOPLE + 1 - len(parts[0].ids)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"label": "tal"}, "no label 'tal' (did you mean 'tall'?)"),
        ({"block": "dosages"}, "no block 'dosages' (did you mean 'dosage'?)"),
        ({"covariates": ["age"]}, "no block 'age'"),
        ({"folds": ["person_9"]}, "no fold 'person_9'"),
        ({"sample": "other"}, "other.rows.parquet"),
    ],
)
def test_unknown_names_are_named(index, changes, named):
    settings = {"sample": "cohort", "label": "tall", "block": "dosage"} | changes
    with pytest.raises(InputError) as error:
        read_cohort(index, **settings)
    assert named in str(error.value)


def test_missing_values_are_the_mean():
    block = Block(("a",), np.array([[2], [9], [1]], np.int8), np.array([[True], [False], [True]]))
    assert filled(block).tolist() == [[2], [1.5], [1]]


def test_dosages_of_ancestry_are_those_of_the_people_tested(index):
    cohort = read_cohort(index, sample="cohort", label="tall", block="covariates", ancestry="dosage")
    same = read_cohort(index, sample="cohort", label="tall", block="dosage")
    assert cohort.ids == same.ids
    assert np.array_equal(cohort.ancestry.values, same.block.values)
    with pytest.raises(InputError, match="no block 'dosages'"):
        read_cohort(index, sample="cohort", label="tall", block="covariates", ancestry="dosages")

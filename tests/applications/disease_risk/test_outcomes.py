"""Labels of which nothing can be learnt are refused with sample, column and value."""

import numpy as np
import pytest

from seqmill.applications.disease_risk.outcomes import check_labels, check_variation
from seqmill.errors import InputError

NAN = np.nan
PERSONS = ["P1", "P2", "P3", "P4"]


def check(**labels):
    values = {name: np.array(each, np.float32) for name, each in labels.items()}
    check_labels(values, PERSONS, where="rows.parquet: sample 'ada'", prefix="label.")


@pytest.mark.parametrize(
    "labels",
    [
        {"disease": [0, 1, 1, NAN]},
        {"trait": [-3, 2.5, NAN, NAN]},
        {"time": [1, 2, 0.5, NAN], "event": [0, 1, 1, 0]},
        {"time": [1, 2, 3, 4], "event": [1, 1, 1, 1]},
    ],
)
def test_labels_that_can_be_learnt_pass(labels):
    check(**labels)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"disease": [0, 1, 2, 2]}, r"'ada'.*label\.disease.*found 2 for 'P3' \(1 more rows.*want 0 or 1"),
        ({"time": [3, 0, 1, 2], "event": [1, 1, 0, 1]}, r"label\.time.*found 0 for 'P2', want more than 0"),
        ({"time": [3, 1, 1, -2], "event": [1, 1, 0, 1]}, r"label\.time.*found -2 for 'P4'"),
        ({"time": [3, 1, 1, 2], "event": [1, 0.5, 0, 1]}, r"label\.event.*found 0\.5 for 'P2', want 0 or 1"),
        ({"disease": [1, 1, NAN, 1]}, r"label\.disease.*found 1 in all 3 rows.*cases and controls"),
        ({"trait": [7, 7, 7, 7]}, r"label\.trait.*found 7 in all 4 rows"),
        ({"time": [3, 1, 1, 2], "event": [0, 0, 0, 0]}, r"label\.event.*found 0 in all 4 rows"),
        ({"time": [3, 3, 3, 3], "event": [1, 0, 1, 0]}, r"label\.time.*found 3 in all 4 rows"),
    ],
)
def test_others_are_refused(labels, message):
    with pytest.raises(InputError, match=message):
        check(**labels)


def test_a_split_can_be_constant_where_the_cohort_is_not():
    with pytest.raises(InputError, match="split 'train': column 'disease': found 0 in all 2 rows"):
        check_variation({"disease": np.array([0, 0], np.int8)}, where="split 'train'")

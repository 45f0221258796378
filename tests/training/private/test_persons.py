"""Nobody stands behind several rows, and no row behind nobody."""

import numpy as np
import persons as people
import pytest

from seqmill.errors import InputError
from seqmill.training import tables
from seqmill.training.private.persons import read_persons


def test_each_training_row_is_read_once_with_its_label(crowd):
    read = read_persons(crowd.manifest, unit="person", fraction=1.0)
    assert len(read["weight"]) == crowd.manifest.rows("train") == len(np.unique(read["profile"]))
    assert set(np.unique(read[people.LABEL])) == {0.0, 1.0}
    assert "group" not in read
    assert len(read_persons(crowd.manifest, unit="person", fraction=0.5)["weight"]) < len(read["weight"])


def test_families_of_two_are_refused_as_the_unit_where_persons_are_not(tmp_path):
    plan = people.write_people(tmp_path, people=80, features=4)
    families = people.build_people(tmp_path / "made", plan, dataset="families", kind="family").manifest
    read_persons(families, unit="person", fraction=1.0)
    with pytest.raises(InputError, match=r"\d+ groups behind \d+ training rows found, up to 2 rows of one"):
        read_persons(families, unit="group", fraction=1.0)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("profile", 0, r"\d+ persons behind \d+ training rows found, up to [23] rows of one"),
        ("profile", -1, "training rows about no profile found"),
        ("weight", 2, "other weights than 1"),
    ],
)
def test_rows_that_the_guarantee_would_not_hold_for_are_refused(crowd, monkeypatch, column, value, words):
    class Altered(tables.Loader):
        def epoch(self, epoch):
            for batch in super().epoch(epoch):
                batch[column][:2] = value
                yield batch

    monkeypatch.setattr(tables, "Loader", Altered)
    with pytest.raises(InputError, match=words):
        read_persons(crowd.manifest, unit="person", fraction=1.0)


def test_a_dataset_that_is_not_about_persons_is_refused(manifest):
    with pytest.raises(InputError, match="examples of toy found, rows about profiles wanted"):
        read_persons(manifest, unit="person", fraction=1.0)

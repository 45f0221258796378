"""Components of training people, relatives and families as files."""

import json

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.profiles.ancestry import AncestryOptions, write_ancestry
from seqmill.profiles.build import build_profiles
from seqmill.profiles.plan import load_profiles_plan
from tests.profiles.test_apart import made, planned  # noqa: F401 - the fixture

TRAIN = tuple(f"family_{number}" for number in range(3, 10))


@pytest.fixture
def index(made, tmp_path):  # noqa: F811
    build_profiles(load_profiles_plan(planned(made, tmp_path / "plan.yaml")), tmp_path / "raw")
    return tmp_path / "raw" / "profiles.json"


def read(path):
    lines = [line.split("\t") for line in path.read_text().splitlines()]
    return lines[0], lines[1:]


def asked(**changes):
    return AncestryOptions(**{"components": 2, "kinship": 0.15, "splits": {}} | changes)


def test_everyone_has_components_and_a_family(index, tmp_path):
    told = write_ancestry(index, asked(splits={"train": TRAIN, "test": ("family_0",)}), tmp_path / "out")
    assert (told["people"], told["pairs"], told["families"]) == (60, 10, 50)
    assert 20 < told["fitted"] < 60
    columns, rows = read(tmp_path / "out" / "components.tsv")
    assert columns == ["id", "PC1", "PC2"]
    assert len(rows) == 60
    assert np.isfinite(np.array([row[1:] for row in rows], float)).all()
    _, pairs = read(tmp_path / "out" / "relatives.tsv")
    _, held = read(tmp_path / "out" / "families.tsv")
    family = dict(held)
    assert all(family[first] == family[second] for first, second, *_ in pairs)
    assert json.loads((tmp_path / "out" / "ancestry.json").read_text()) == told


def test_relatives_in_two_splits_are_refused_and_still_listed(index, tmp_path):
    splits = {"train": ("person_0", "person_1", "person_2", "person_3", "person_4")}
    splits["test"] = tuple(f"person_{number}" for number in range(5, 10))
    with pytest.raises(InputError, match="are relatives"):
        write_ancestry(index, asked(splits=splits), tmp_path / "out")
    assert len(read(tmp_path / "out" / "relatives.tsv")[1]) == 10
    assert not (tmp_path / "out" / "components.tsv").exists()


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"block": "dosages"}, "no block 'dosages'"), ({"splits": {"train": ("family_99",)}}, "no fold")],
)
def test_unknown_names_are_named(index, tmp_path, changes, named):
    with pytest.raises(InputError, match=named):
        write_ancestry(index, asked(**changes), tmp_path / "out")

"""Toxicity by a second model: molecules by name, whatever the order of its table, and what does not fit."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.profiles.table import Block, Table, write_table
from seqmill.therapy import safety
from seqmill.therapy.job import RankJob


def table(ids, features=("p", "q")):
    values = np.array([[ord(one) % 7, 1] for one in ids], np.uint8)
    return Table(tuple(ids), {"bits": Block(features, values, np.ones(values.shape, bool))})


class Stub:
    """Says the first bit of a molecule over ten."""

    paths = (Path("safe.ckpt"),)
    encoding = SimpleNamespace(tables={"molecules": {}})

    def hold(self, tables):
        self.held = tables["molecules"]

    def predict(self, profiles, molecules):
        assert (profiles == -1).all()
        return {"liver": self.held.blocks["bits"].values[molecules, :1].T / 10}


@pytest.fixture
def second(monkeypatch):
    cohort = SimpleNamespace(tables={"molecules": table("xyz")})
    monkeypatch.setattr(safety.Members, "open", lambda paths: Stub())
    monkeypatch.setattr(safety.Cohort, "of", lambda members, manifest: cohort)
    monkeypatch.setattr(safety.Manifest, "load", lambda path, verify: None)


def job(**more):
    given = {"models": (), "manifest": Path("m"), "output": Path("o"), "safety": (Path("s"),)}
    return RankJob(**given | {"safety_manifest": Path("n")} | more)


def test_without_a_second_model_there_is_nothing_to_say():
    assert safety.toxicity(job(safety=()), table("ab")) is None


def test_molecules_are_found_by_name_and_told_in_order_of_names(second, tmp_path):
    wanted = [[ord(one) % 7 / 10 for one in "abc"]]
    assert safety.toxicity(job(), table("bca"))["liver"].tolist() == wanted
    write_table(tmp_path / "t.parquet", table("cdab", ("p", "q")))
    found = safety.toxicity(job(safety_molecules=tmp_path / "t.parquet"), table("bca", ("other", "bits")))
    assert found["liver"].tolist() == wanted


def test_other_features_and_missing_molecules_are_named(second, tmp_path):
    with pytest.raises(InputError, match=r"reads other features of molecules .* --safety-molecules"):
        safety.toxicity(job(), table("ab", ("other", "bits")))
    write_table(tmp_path / "t.parquet", table("ab"))
    with pytest.raises(InputError, match="no molecule 'c' and 1 more, which is ranked; give all of them"):
        safety.toxicity(job(safety_molecules=tmp_path / "t.parquet"), table("abcd"))
    with pytest.raises(InputError, match="--safety: a model, but no manifest"):
        safety.toxicity(job(safety_manifest=None), table("ab"))

"""From profiles to a table, a summary and a page."""

import json

import numpy as np
import pytest

from seqmill.association.associate import Question, associate, carriers
from seqmill.errors import InputError
from seqmill.profiles.table import Block

PLANTED = {"tall": "c1:600:A:C", "ill": "c1:800:A:C"}


def asked(**changes):
    return Question(**{"sample": "cohort", "label": "tall", "block": "dosage"} | changes)


def table(path):
    lines = [line.split("\t") for line in path.read_text().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_the_planted_site_comes_first(index, tmp_path):
    for label, model in (("tall", "linear"), ("ill", "logistic")):
        question = asked(label=label, covariates=("covariates",), components=2, permutations=99)
        summary = associate(index, question, tmp_path / label)
        rows = table(tmp_path / label / "associations.tsv")
        assert rows[0]["feature"] == PLANTED[label]
        assert float(rows[0]["p_bonferroni"]) < 0.05
        assert float(rows[0]["p_familywise"]) == 0.01
        assert summary["model"] == model
        assert summary["covariates"] == ["age", "PC1", "PC2"]
        assert summary["found"]["p_bonferroni"] == 1
        assert (summary["tested"], summary["features_left_out"]) == (119, {"few_carriers": 1})
        assert json.loads((tmp_path / label / "summary.json").read_text()) == summary


def test_components_take_out_what_populations_do(index, tmp_path):
    without = associate(index, asked(), tmp_path / "without")["inflation"]
    with_them = associate(index, asked(components=1), tmp_path / "with")["inflation"]
    assert without > 3
    assert 0.6 < with_them < 1.5


def test_the_page_needs_no_network_and_says_what_it_is_not(index, tmp_path):
    associate(index, asked(components=1), tmp_path)
    text = (tmp_path / "associations.html").read_text()
    assert "no medical advice" in text
    assert "manhattan" in text
    assert PLANTED["tall"] in text
    assert "<script src=" not in text


def test_a_quantity_does_not_fit_the_logistic_model(index, tmp_path):
    with pytest.raises(InputError, match="want 0 and 1"):
        associate(index, asked(model="logistic"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_without_carriers_there_is_nothing_to_test(index, tmp_path):
    with pytest.raises(InputError, match="lower minimum_carriers"):
        associate(index, asked(minimum_carriers=1_000), tmp_path)


def test_carriers_are_those_who_differ_from_most():
    values = np.array([[2, 0, 1], [2, 1, 1], [0, 1, 1], [1, 2, 1]], np.int8)
    mask = np.array([[True, True, True]] * 3 + [[True, False, True]])
    assert carriers(Block(("a", "b", "c"), values, mask)).tolist() == [2, 1, 0]

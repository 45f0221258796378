"""Several seeds as one predictor: what their outputs are called, and how far they are apart."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import expit

from seqmill.evaluation import members as stage
from seqmill.evaluation.calibrated import CALIBRATION
from seqmill.evaluation.members import Members, spread
from seqmill.files import write_json

ROWS = np.array([0, 1, 2])


@pytest.fixture
def of_outputs(monkeypatch, tmp_path):
    """Build members whose modules are what they say."""
    monkeypatch.setattr(stage, "Predictor", lambda said, _: SimpleNamespace(pieces=lambda batch: said(batch)))

    def build(*said, options=None):
        encoding = SimpleNamespace(options=options or {}, digest="abc")
        paths: list[Path] = [tmp_path / f"seed-{at}" / "checkpoint.ckpt" for at in range(len(said))]
        return Members(tuple(paths), tuple(SimpleNamespace(module=one, encoding=encoding) for one in said))

    return build


def test_numbers_are_called_by_their_label_and_rows_are_handed_on(of_outputs):
    members = of_outputs(
        lambda batch: {"predicted_response": batch["profile"] + 0.5},
        lambda batch: {"predicted_response": batch["molecule"] * 2.0},
    )
    found = members.predict(ROWS, ROWS + 10)
    assert list(found) == ["response"]
    assert found["response"].tolist() == [[0.5, 1.5, 2.5], [20, 22, 24]]


def test_probabilities_of_tasks_are_called_by_the_task(of_outputs):
    said = {"probability_0": np.array([0.1]), "probability_1": np.array([0.8])}
    members = of_outputs(lambda _: said, options={"tasks": ["liver", "heart"]})
    found = members.predict(ROWS[:1], ROWS[:1])
    assert {name: values.tolist() for name, values in found.items()} == {"liver": [[0.1]], "heart": [[0.8]]}


def test_of_two_classes_it_is_the_calibrated_probability_of_the_second(of_outputs):
    said = {"logit_0": np.array([0.0, 1.0, 0.0]), "logit_1": np.array([2.0, 0.0, 0.0])}
    members = of_outputs(lambda _: said)
    members.paths[0].parent.mkdir()
    told = {"encoding_digest": "abc", "temperature": 4.0, "points": [], "dataset_digest": "d", "seed": 1}
    write_json(members.paths[0].with_name(CALIBRATION), told)
    found = members.predict(ROWS, ROWS)
    assert list(found) == ["class_1"]
    assert found["class_1"][0] == pytest.approx(expit(np.array([2, -1, 0]) / 4))


def test_the_spread_is_over_members_and_unknown_of_one():
    assert spread(np.array([[1.0, 5.0], [3.0, 5.0]])).tolist() == pytest.approx([np.sqrt(2), 0])
    assert np.isnan(spread(np.ones((1, 2, 3)))).all()
    assert spread(np.ones((1, 2, 3))).shape == (2, 3)

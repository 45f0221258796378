"""Baselines against what was planted, and against least squares written out."""

import numpy as np
import pandas as pd
import pytest

from seqmill.applications.drug_response import baselines
from seqmill.applications.scoring import OperatingPoints
from seqmill.evaluation.dataset import read_examples

NONE = OperatingPoints([])


def predicted(dataset, name, split="test"):
    job = dataset.job(split, {}, examples=read_examples(dataset.manifest, split, threads=1), threads=1)
    return getattr(baselines, name)(job).items(NONE)


@pytest.fixture
def learnt(screens):
    return {kind: read_examples(dataset.manifest, "train", threads=1) for kind, dataset in screens.items()}


def test_the_mean_of_a_drug_is_that_of_its_training_rows(screens, learnt):
    items = predicted(screens["cell"], "drug_mean")
    means = learnt["cell"].groupby("molecule_id")["response"].mean()
    assert np.allclose(items["predicted_response"], means[items["molecule"]], atol=1e-5)


def test_an_unseen_cell_line_has_the_mean_of_all(screens, learnt):
    items = predicted(screens["cell"], "cell_mean")
    assert np.allclose(items["predicted_response"], learnt["cell"]["response"].mean(), atol=1e-5)


def test_additive_effects_are_the_least_squares(screens, learnt):
    table = learnt["pair"]
    names = [table["profile_id"], table["molecule_id"]]
    design = np.hstack([pd.get_dummies(one).to_numpy(float) for one in names])
    weights, *_ = np.linalg.lstsq(design, table["response"].to_numpy(float), rcond=None)
    effects = dict(zip([*sorted(set(names[0])), *sorted(set(names[1]))], weights, strict=True))
    items = predicted(screens["pair"], "additive")
    expected = items["profile"].map(effects) + items["molecule"].map(effects)
    assert np.allclose(items["predicted_response"], expected, atol=1e-3)


def test_an_effect_that_was_never_seen_is_zero(screens):
    items = predicted(screens["drug"], "additive")
    assert items.groupby("profile")["predicted_response"].nunique().max() == 1


def test_ridge_learns_of_unseen_cell_lines_and_no_mean_does(screens):
    found = {}
    for name in ("drug_mean", "ridge"):
        items = predicted(screens["cell"], name)
        found[name] = np.sqrt(np.mean((items["predicted_response"] - items["observed_response"]) ** 2))
    assert found["ridge"] < 0.95 * found["drug_mean"]

"""Baselines know what they are given, and no more."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from seqmill.applications.disease_risk import baselines
from seqmill.applications.disease_risk.linear import fit_ridge
from seqmill.applications.profiled.design import side
from seqmill.applications.scoring import OperatingPoints
from seqmill.errors import InputError
from seqmill.evaluation.dataset import read_examples
from seqmill.evaluation.metrics import score
from tests.applications.disease_risk import ancestries
from tests.applications.disease_risk.cohort import OUTCOMES

LEADING = {"binary": "auroc.disease", "quantitative": "r2.trait", "survival": "concordance.survival"}


def scorer(dataset, name, split="test"):
    job = dataset.job(split, {}, examples=read_examples(dataset.manifest, split, threads=1), threads=1)
    return getattr(baselines, name)(job)


def reached(dataset, name):
    rows = score(scorer(dataset, name).items(OperatingPoints([])), replicates=20)
    return {row["metric"]: row["value"] for row in rows}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_covariates_beat_a_constant_and_all_blocks_beat_covariates(cohorts, outcome):
    measure = f"{LEADING[outcome]}.cohort"
    found = {
        name: reached(cohorts[outcome], name)[measure] for name in ("mean", "covariates", "linear", "ridge")
    }
    assert found["mean"] + 0.05 < found["covariates"] < found["linear"] - 0.05
    assert found["ridge"] == pytest.approx(found["linear"], abs=0.05)


@pytest.mark.parametrize("outcome", ["binary", "survival"])
def test_a_constant_ranks_by_chance(cohorts, outcome):
    assert reached(cohorts[outcome], "mean")[f"{LEADING[outcome]}.cohort"] == 0.5


def test_the_constant_is_the_training_prevalence(cohorts):
    items = scorer(cohorts["binary"], "mean").items(OperatingPoints([]))
    learnt = read_examples(cohorts["binary"].manifest, "train", threads=1)["disease"].mean()
    assert np.allclose(1 / (1 + np.exp(-items["score_disease"])), learnt)


def test_the_cox_model_finds_the_planted_effects(cohorts):
    dataset = cohorts["survival"]
    items = scorer(dataset, "linear").items(OperatingPoints([]))
    trait = read_examples(cohorts["quantitative"].manifest, "test", threads=1).set_index("profile_id")[
        "trait"
    ]
    assert np.corrcoef(items["risk_survival"], trait[items["profile"]])[0, 1] > 0.9


def test_without_a_block_of_covariates_there_is_no_such_baseline(cohorts, monkeypatch):
    monkeypatch.setattr(baselines, "COVARIATES", "covariate")
    with pytest.raises(InputError, match=r"no block 'covariate' \(did you mean 'covariates'"):
        scorer(cohorts["binary"], "covariates")


def test_more_features_than_persons_need_a_penalty(cohorts, monkeypatch):
    monkeypatch.setattr(baselines, "side", lambda *_: np.random.default_rng(0).normal(size=(240, 200)))
    with pytest.raises(InputError, match=r"200 features and .* training persons found.*choose 'ridge'"):
        scorer(cohorts["binary"], "linear")


def test_components_stand_for_the_ancestry_that_was_never_told(confounded):
    """Covariates know nothing of the illness; with components they reach what the ancestry itself would."""
    measure = "auroc.disease.cohort"
    without = reached(confounded(components=0), "covariates")[measure]
    found = reached(confounded(), "covariates")[measure]
    items = scorer(confounded(), "covariates").items(OperatingPoints([]))
    ancestry = ancestries.ANCESTRY[items["profile"].str[1:].astype(int)]
    true = roc_auc_score(items["label_disease"], ancestry)
    assert true > 0.7
    assert abs(without - 0.5) < 0.12
    assert found > without + 0.1
    assert found == pytest.approx(true, abs=0.06)


def test_all_blocks_have_components_beside_them(confounded, monkeypatch):
    widths = []

    def kept(*given):
        widths.append(side(*given).shape[1])
        return side(*given)

    monkeypatch.setattr(baselines, "side", kept)
    for name in ("covariates", "linear", "ridge"):
        scorer(confounded(), name)
    sites = ancestries.SITES
    assert widths == [1 + ancestries.COUNT, sites + 1 + ancestries.COUNT, sites + 1 + ancestries.COUNT]


def ridge_slopes(dataset, count, monkeypatch):
    """Give the slope of each feature, by standard deviations, in the order of the blocks."""
    fits = []

    def kept(*given):
        fits.append(fit_ridge(*given))
        return fits[-1]

    monkeypatch.setattr(baselines, "fit_ridge", kept)
    scorer(dataset, "ridge")
    width = 1 + ancestries.SITES + count
    return fits[0](np.eye(width)) - fits[0](np.zeros((1, width)))


def test_ridge_takes_ancestry_off_the_sites(confounded, monkeypatch):
    """No site has an effect: what is common to their slopes in the direction of ancestry is confounding."""
    sites = slice(1, 1 + ancestries.SITES)
    direction = np.sign(np.subtract(*ancestries.FREQUENCIES[::-1]))
    without, found = (
        ridge_slopes(confounded(components=count), count, monkeypatch)[sites] @ direction
        for count in (0, ancestries.COUNT)
    )
    assert without > 0
    assert found < 0.6 * without


def test_components_are_covariates_where_there_is_no_other(confounded, monkeypatch):
    monkeypatch.setattr(baselines, "COVARIATES", "nothing")
    assert reached(confounded(), "covariates")["auroc.disease.cohort"] > 0.65
    with pytest.raises(InputError, match="no block 'nothing'"):
        scorer(confounded(components=0), "covariates")

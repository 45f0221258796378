"""Items and further metrics of each outcome, by scikit-learn and by hand."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from seqmill.applications.disease_risk.evaluate import calibration_error, evaluate
from seqmill.applications.scoring import OperatingPoints
from seqmill.evaluation.dataset import read_examples
from seqmill.evaluation.metrics import check_items, score

NONE = OperatingPoints([])


def scored(dataset, **said):
    table = read_examples(dataset.manifest, "test", threads=1)
    return evaluate(
        dataset.job("test", {}, examples=table.assign(**{name: f(table) for name, f in said.items()}))
    )


@pytest.fixture
def noise():
    return np.random.default_rng(1).normal(0, 1, 48)


def test_a_disease_is_ranked_and_its_risk_held_against_what_came(cohorts, noise):
    probability = 1 / (1 + np.exp(-noise))
    scorer = scored(
        cohorts["binary"],
        log_probability_0=lambda _: np.log(1 - probability),
        log_probability_1=lambda _: np.log(probability),
    )
    items = scorer.items(NONE)
    check_items(items, name="items")
    assert items["score_disease"].to_numpy() == pytest.approx(noise)
    row = next(row for row in score(items, replicates=50) if row["primary"])
    assert row["metric"] == "auroc.disease.cohort"
    assert row["value"] == pytest.approx(roc_auc_score(items["label_disease"], noise))
    told = {row["metric"]: row["value"] for row in scorer.further()}
    assert told["brier.disease.cohort"] == pytest.approx(
        brier_score_loss(items["label_disease"], probability)
    )
    assert 0 < told["calibration_error.disease.cohort"] < 1


def test_a_trait_has_an_error_beside_its_correlations(cohorts, noise):
    scorer = scored(cohorts["quantitative"], predicted_trait=lambda table: table["trait"] + noise)
    items = scorer.items(NONE)
    check_items(items, name="items")
    (row,) = scorer.further()
    assert row["metric"] == "rmse.trait.cohort"
    assert row["value"] == pytest.approx(np.sqrt(np.mean(noise**2)), rel=1e-4)


def test_survival_is_scored_by_concordance(cohorts):
    scorer = scored(cohorts["survival"], predicted_log_risk=lambda table: -table["time"])
    items = scorer.items(NONE)
    check_items(items, name="items")
    (row,) = score(items, replicates=50)
    assert row["metric"] == "concordance.survival.cohort"
    assert row["value"] > 0.95
    assert not scorer.further()


def test_calibration_is_measured_in_groups_of_alike_risk():
    probability = np.repeat([0.1, 0.9], 50)
    disease = np.concatenate([np.repeat([1, 0], [15, 35]), np.repeat([1, 0], [45, 5])]).astype(float)
    assert calibration_error(probability, disease) == pytest.approx(0.5 * 0.2)


def test_the_prevalence_is_calibrated():
    disease = np.array([1.0, 0, 0, 0])
    assert calibration_error(np.full(4, 0.25), disease) == pytest.approx(0)


def test_a_group_of_the_splits_is_drawn_together(cohorts):
    items = scored(cohorts["survival"], predicted_log_risk=lambda table: table["time"]).items(NONE)
    assert items["block"].nunique() == items["profile"].nunique() == 48

"""Paired tests of two callers: how often they cry wolf, and how often they see a difference that is there."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from seqmill.evaluation.bootstrap import resample
from seqmill.evaluation.paired import Side, paired_test
from tests.evaluation.simulations import (
    counted,
    difference_of_areas,
    different_areas,
    different_f1,
    equal_areas,
    equal_correlations,
    equal_f1,
    power_of_areas,
    power_of_f1,
    side,
)


def told_apart(p_values):
    return int((p_values <= 0.05).sum())


def is_within_binomial_error(p_values, rate=0.05):
    low, high = stats.binom.interval(0.998, len(p_values), rate)
    return low <= told_apart(p_values) <= high


class TestFalseAlarms:
    """Callers that are equal are told apart at 5 % in 5 % of the comparisons, within binomial error."""

    def test_of_f1(self):
        assert is_within_binomial_error(equal_f1(np.random.default_rng(1), 400))

    def test_of_f1_with_few_items_that_tell_apart(self):
        assert told_apart(equal_f1(np.random.default_rng(2), 200, items=40)) <= 0.06 * 200

    def test_of_experiments_whose_seeds_differ(self):
        p_values = equal_f1(np.random.default_rng(3), 150, seeds=(3, 3), spread=0.4)
        assert told_apart(p_values) <= stats.binom.ppf(0.999, 150, 0.05)

    def test_one_seed_each_cannot_know_what_seeds_do(self):
        """Why experiments of one seed are told apart as weights, not as experiments."""
        assert told_apart(equal_f1(np.random.default_rng(4), 80, spread=0.4)) > 0.2 * 80

    def test_of_areas_under_curves(self):
        assert is_within_binomial_error(equal_areas(np.random.default_rng(5), 400))

    @pytest.mark.parametrize("measure", ["pearson", "spearman"])
    def test_of_correlations(self, measure):
        assert is_within_binomial_error(equal_correlations(np.random.default_rng(6), 500, measure))


class TestPower:
    """A difference that is there is found as often as theory says."""

    def test_of_f1_is_that_of_the_discordant_items(self):
        assert is_within_binomial_error(different_f1(np.random.default_rng(7), 200), power_of_f1())

    def test_of_areas_is_that_of_the_normal_model(self):
        found = different_areas(np.random.default_rng(8), 200)
        truth, error = difference_of_areas()
        assert np.mean([one.value for one in found]) == pytest.approx(truth, abs=3 * error / np.sqrt(200))
        assert np.mean([(one.high - one.low) / 3.92 for one in found]) == pytest.approx(error, rel=0.02)
        assert is_within_binomial_error(np.array([one.p for one in found]), power_of_areas())


class TestOneTest:
    """What a single paired test says."""

    def test_few_items_need_the_sign_test_to_agree(self):
        keys = np.arange(200, dtype=np.uint64)
        b = counted(keys, keys >= 5)
        tested = paired_test(side([counted(keys, keys >= 0)], "f1"), side([b], "f1"), "x", "f1")
        assert (tested.wins, tested.losses) == (5, 0)
        assert tested.p == pytest.approx(stats.binomtest(5, 5).pvalue)
        assert tested.verdict == "tie"

    def test_says_what_it_did(self):
        keys = np.arange(300, dtype=np.uint64)
        a = side([counted(keys, keys >= 5), counted(keys, keys >= 9)], "f1")
        b = side([counted(keys, keys >= 90)], "f1")
        tested = paired_test(a, b, "x", "f1")
        assert (tested.test, tested.scale, tested.n, tested.seeds) == ("bootstrap", "h", 300, (2, 1))
        assert (tested.wins, tested.losses, tested.verdict) == (85, 0, "above")
        assert tested.low < tested.value < tested.high

    def test_correlations_of_several_seeds(self):
        rng = np.random.default_rng(9)
        keys, observed = np.arange(120, dtype=np.uint64), rng.normal(0, 1, 120)

        def caller(noise, seeds):
            tables = [
                pd.DataFrame(
                    {
                        "item": keys,
                        "predicted_x": observed + rng.normal(0, noise, 120),
                        "observed_x": observed,
                    }
                )
                for _ in range(seeds)
            ]
            return side([table.sample(frac=1, random_state=1) for table in tables], "pearson")

        tested = paired_test(caller(0.3, 2), caller(2.0, 3), "x", "pearson")
        assert (tested.test, tested.scale, tested.verdict, tested.n) == ("swaps", "q", "above", 120)
        assert tested.wins is None

    def test_items_without_a_value_are_left_out(self):
        keys, labels = np.arange(40, dtype=np.uint64), np.arange(40) % 2
        scores = np.where(np.arange(40) < 4, np.nan, labels + np.arange(40) / 40)
        table = pd.DataFrame({"item": keys, "score_x": scores, "label_x": labels})
        tested = paired_test(*(side([table], "auroc") for _ in range(2)), "x", "auroc")
        assert (tested.n, tested.value, tested.p) == (36, 0.0, 1.0)

    def test_nothing_in_common_is_refused(self):
        tables = [
            pd.DataFrame(
                {"item": np.arange(9, dtype=np.uint64) + start, "score_x": range(9), "label_x": [0, 1, 1] * 3}
            )
            for start in (0, 100)
        ]
        with pytest.raises(ValueError, match="no item with score_x in common"):
            paired_test(*(side([table], "auroc") for table in tables), "x", "auroc")


def test_areas_under_the_curve_of_items_in_blocks_are_tested_by_bootstrap():
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 2, 200)

    def side(noise):
        items = pd.DataFrame(
            {
                "item": np.arange(200, dtype=np.uint64),
                "block": np.arange(200, dtype=np.uint64) // 10,
                "score_open": labels + rng.normal(0, noise, 200),
                "label_open": labels,
            }
        )
        return Side([items], [resample(items, replicates=200)["open", "auroc"]])

    found = paired_test(side(0.4), side(2.0), "open", "auroc")
    assert (found.test, found.verdict) == ("bootstrap", "above")


def test_callers_of_different_observations_are_tested_by_bootstrap():
    rng = np.random.default_rng(4)
    truth = rng.normal(0, 1, 150)

    def side(observed):
        items = pd.DataFrame(
            {
                "item": np.arange(150, dtype=np.uint64),
                "predicted_level": truth + rng.normal(0, 0.5, 150),
                "observed_level": observed,
            }
        )
        return Side([items], [resample(items, replicates=200)["level", "pearson"]])

    replicate = side(truth + rng.normal(0, 2, 150))
    assert paired_test(side(truth), replicate, "level", "pearson").test == "bootstrap"
    assert paired_test(side(truth), side(truth), "level", "pearson").test == "swaps"

"""Paired tests of two callers: how often they cry wolf, and how often they see a difference that is there."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from seqmill.evaluation.bootstrap import resample
from seqmill.evaluation.paired import Side, paired_test


def counted(keys, found):
    found = np.asarray(found, bool)
    return pd.DataFrame(
        {
            "item": keys,
            "tp_x": found.astype(int),
            "fp_x": np.zeros(len(found), int),
            "fn_x": (~found).astype(int),
        }
    )


def side(tables, level, measure, *, replicates=200):
    return Side(tables, [resample(table, replicates=replicates)[level, measure] for table in tables])


def fresh_keys(rng, n):
    return rng.integers(0, 2**63, n).astype(np.uint64)


def trained(rng, keys, ease, *, better=0.0, spread=0.0, seeds=1):
    """Give seeds of a caller that finds an item with the logistic of its ease and of the seed's own skill."""
    tables = []
    for _ in range(seeds):
        skill = better + rng.normal(0, spread)
        tables.append(counted(keys, rng.random(len(keys)) < 1 / (1 + np.exp(-ease - skill))))
    return side(tables, "x", "f1")


def alarms(rng, n, *, items=300, seeds=(1, 1), spread=0.0, better=0.0):
    """Give the p-values of comparing two callers `n` times."""
    p_values = []
    for _ in range(n):
        keys, ease = fresh_keys(rng, items), rng.normal(2, 1.5, items)
        a = trained(rng, keys, ease, better=better, spread=spread, seeds=seeds[0])
        b = trained(rng, keys, ease, spread=spread, seeds=seeds[1])
        p_values.append(paired_test(a, b, "x", "f1").p)
    return np.array(p_values)


def within_binomial_error(p_values, rate=0.05):
    low, high = stats.binom.interval(0.998, len(p_values), rate)
    return low <= (p_values <= 0.05).sum() <= high


def normal_area(gap, m):
    """Give the area under the curve of two normal distributions, and the variance of its estimate on m each.

    Source: Bamber (1975), with the chance that one positive lies above two negatives from their joint normal.
    """
    area = stats.norm.cdf(gap / math.sqrt(2))
    both = stats.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]]).cdf([gap / math.sqrt(2)] * 2)
    return area, (area * (1 - area) + 2 * (m - 1) * (both - area**2)) / m**2


class TestFalseAlarms:
    """Callers that are equal are told apart at 5 % in 5 % of the comparisons, within binomial error."""

    def test_of_f1(self):
        assert within_binomial_error(alarms(np.random.default_rng(1), 400))

    def test_of_f1_with_few_items_that_tell_apart(self):
        p_values = alarms(np.random.default_rng(2), 200, items=40)
        assert (p_values <= 0.05).mean() <= 0.06

    def test_of_experiments_whose_seeds_differ(self):
        p_values = alarms(np.random.default_rng(3), 150, seeds=(3, 3), spread=0.4)
        assert (p_values <= 0.05).mean() <= stats.binom.ppf(0.999, 150, 0.05) / 150

    def test_one_seed_each_cannot_know_what_seeds_do(self):
        """Why experiments of one seed are told apart as weights, not as experiments."""
        p_values = alarms(np.random.default_rng(4), 80, spread=0.4)
        assert (p_values <= 0.05).mean() > 0.2

    def test_of_areas_under_curves(self):
        rng, p_values = np.random.default_rng(5), []
        for _ in range(400):
            keys, labels, common = fresh_keys(rng, 150), rng.random(150) < 0.4, rng.normal(0, 1, 150)
            a, b = (
                pd.DataFrame(
                    {"item": keys, "score_x": labels + common + rng.normal(0, 1, 150), "label_x": labels * 1}
                )
                for _ in range(2)
            )
            tested = paired_test(
                *(side([table], "x", "auroc", replicates=20) for table in (a, b)), "x", "auroc"
            )
            p_values.append(tested.p)
        assert within_binomial_error(np.array(p_values))

    @pytest.mark.parametrize("measure", ["pearson", "spearman"])
    def test_of_correlations(self, measure):
        from seqmill.evaluation.permutation import swap_test

        rng, p_values = np.random.default_rng(6), []
        for _ in range(500):
            observed, common = rng.normal(0, 1, (2, 60))
            a, b = observed + common + rng.normal(0, 1, (2, 60))
            p_values.append(swap_test(a, b, observed, kind=measure, permutations=199))
        assert within_binomial_error(np.array(p_values))


class TestPower:
    """A difference that is there is found as often as theory says."""

    def test_of_f1_is_that_of_the_discordant_items(self):
        rng, n, gained, lost = np.random.default_rng(7), 600, 0.08, 0.04
        found = 0
        for _ in range(200):
            keys = fresh_keys(rng, n)
            kind = rng.choice(3, n, p=[gained, lost, 1 - gained - lost])
            shared = rng.random(n) < 0.9
            a, b = np.where(kind == 2, shared, kind == 0), np.where(kind == 2, shared, kind == 1)
            tested = paired_test(*(side([counted(keys, hit)], "x", "f1") for hit in (a, b)), "x", "f1")
            found += tested.p <= 0.05
        # McNemar (1947): the difference in discordant shares over its standard error
        error = math.sqrt(gained + lost - (gained - lost) ** 2) / math.sqrt(n)
        expected = stats.norm.sf(1.96 - (gained - lost) / error)
        assert found / 200 == pytest.approx(expected, abs=3 * math.sqrt(expected * (1 - expected) / 200))

    def test_of_areas_is_that_of_the_normal_model(self):
        rng, n, gaps, found = np.random.default_rng(8), 400, (1.2, 0.9), 0
        values, errors = [], []
        for _ in range(200):
            labels = np.arange(n) < n // 2
            tables = [
                pd.DataFrame(
                    {
                        "item": np.arange(n, dtype=np.uint64),
                        "score_x": gap * labels + rng.normal(0, 1, n),
                        "label_x": labels * 1,
                    }
                )
                for gap in gaps
            ]
            tested = paired_test(
                *(side([table], "x", "auroc", replicates=20) for table in tables), "x", "auroc"
            )
            found += tested.p <= 0.05
            values.append(tested.value)
            errors.append((tested.high - tested.low) / 3.92)
        areas, variances = zip(*(normal_area(gap, n // 2) for gap in gaps), strict=True)
        truth, error = areas[0] - areas[1], math.sqrt(sum(variances))
        assert np.mean(values) == pytest.approx(truth, abs=3 * error / math.sqrt(200))
        assert np.mean(errors) == pytest.approx(error, rel=0.02)
        expected = stats.norm.sf(1.96 - truth / error)
        assert found / 200 == pytest.approx(expected, abs=3 * math.sqrt(expected * (1 - expected) / 200))


class TestOneTest:
    """What a single paired test says."""

    def test_few_items_need_the_sign_test_to_agree(self):
        keys = np.arange(200, dtype=np.uint64)
        b = counted(keys, keys >= 5)
        tested = paired_test(side([counted(keys, keys >= 0)], "x", "f1"), side([b], "x", "f1"), "x", "f1")
        assert (tested.wins, tested.losses) == (5, 0)
        assert tested.p == pytest.approx(stats.binomtest(5, 5).pvalue)
        assert tested.verdict == "tie"

    def test_says_what_it_did(self):
        keys = np.arange(300, dtype=np.uint64)
        a = side([counted(keys, keys >= 5), counted(keys, keys >= 9)], "x", "f1")
        b = side([counted(keys, keys >= 90)], "x", "f1")
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
            return side([table.sample(frac=1, random_state=1) for table in tables], "x", "pearson")

        tested = paired_test(caller(0.3, 2), caller(2.0, 3), "x", "pearson")
        assert (tested.test, tested.scale, tested.verdict, tested.n) == ("swaps", "q", "above", 120)
        assert tested.wins is None

    def test_items_without_a_value_are_left_out(self):
        keys, labels = np.arange(40, dtype=np.uint64), np.arange(40) % 2
        scores = np.where(np.arange(40) < 4, np.nan, labels + np.arange(40) / 40)
        table = pd.DataFrame({"item": keys, "score_x": scores, "label_x": labels})
        tested = paired_test(*(side([table], "x", "auroc") for _ in range(2)), "x", "auroc")
        assert (tested.n, tested.value, tested.p) == (36, 0.0, 1.0)

    def test_nothing_in_common_is_refused(self):
        tables = [
            pd.DataFrame(
                {"item": np.arange(9, dtype=np.uint64) + start, "score_x": range(9), "label_x": [0, 1, 1] * 3}
            )
            for start in (0, 100)
        ]
        with pytest.raises(ValueError, match="no item with score_x in common"):
            paired_test(*(side([table], "x", "auroc") for table in tables), "x", "auroc")

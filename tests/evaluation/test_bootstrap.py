"""The bootstrap: exact weights, closed forms, coverage, and pairing without a join."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from seqmill.evaluation.bootstrap import (
    Resampled,
    f1_interval,
    paired_difference,
    resample,
    weights,
)

LEVELS = ("allele", "genotype", "exact")
COUNTS = tuple(f"{kind}_{level}" for level in LEVELS for kind in ("tp", "fp", "fn"))


def scored(keys, tp, fp, fn):
    """Give a table whose three levels agree."""
    kinds = {"tp": tp, "fp": fp, "fn": fn}
    columns = {name: np.asarray(kinds[name[:2]], np.int8) for name in COUNTS}
    return pd.DataFrame({"item": np.asarray(keys, np.uint64), "cell": "c", **columns})


def drawn_sites(rng, n, recall, keys=None):
    found = rng.random(n) < recall
    return scored(np.arange(n) if keys is None else keys, found, np.zeros(n), ~found)


class TestWeights:
    def test_are_poisson_of_mean_one(self):
        drawn = weights(np.arange(2000, dtype=np.uint64), 500)
        seen = np.bincount(drawn.ravel(), minlength=8)[:8] / drawn.size
        np.testing.assert_allclose(seen, stats.poisson.pmf(np.arange(8), 1), atol=1.5e-3)

    def test_items_and_replicates_are_uncorrelated(self):
        drawn = weights(np.arange(400, dtype=np.uint64), 400).astype(float)
        for matrix in (drawn, drawn.T):
            off_diagonal = np.corrcoef(matrix)[np.triu_indices(400, 1)]
            assert abs(off_diagonal.mean()) < 1e-3
            assert off_diagonal.std() == pytest.approx(1 / np.sqrt(400), rel=0.05)

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=30, unique=True),
        st.integers(1, 40),
        st.integers(0, 9),
    )
    def test_depend_on_key_replicate_and_seed_alone(self, keys, replicates, seed):
        keys = np.array(keys, np.uint64)
        together = weights(keys, replicates, seed)
        assert together.shape == (len(keys), replicates)
        np.testing.assert_array_equal(together[::-1], weights(keys[::-1], replicates, seed))
        np.testing.assert_array_equal(together[:1], weights(keys[:1], replicates + 7, seed)[:, :replicates])

    def test_another_seed_gives_other_weights(self):
        keys = np.arange(100, dtype=np.uint64)
        assert (weights(keys, 100, 1) != weights(keys, 100, 2)).mean() > 0.5


class TestResample:
    def test_values_are_those_of_the_table(self):
        table = scored(range(6), [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 1, 1])
        drawn = resample(table, replicates=10)
        for level in LEVELS:
            assert drawn[level, "precision"].value == pytest.approx(3 / 4)
            assert drawn[level, "recall"].value == pytest.approx(3 / 5)
            assert drawn[level, "f1"].value == pytest.approx(6 / 9)
            assert drawn[level, "f1"].n == 6

    def test_replicates_are_the_weighted_table(self):
        rng = np.random.default_rng(3)
        table = scored(rng.integers(0, 2**60, 50), *(rng.integers(0, 2, (3, 50))))
        drawn = resample(table, replicates=20)["allele", "f1"].replicates
        counts = weights(table["item"].to_numpy(), 20).astype(int)
        for replicate in range(20):
            tp, fp, fn = (
                (table[f"{kind}_allele"] * counts[:, replicate]).sum() for kind in ("tp", "fp", "fn")
            )
            assert drawn[replicate] == pytest.approx(2 * tp / (2 * tp + fp + fn))

    def test_levels_are_kept_apart(self):
        table = scored([1, 2], [1, 1], [0, 0], [0, 0]).assign(tp_genotype=[1, 0], fn_genotype=[0, 1])
        drawn = resample(table, replicates=5)
        assert drawn["allele", "recall"].value == 1
        assert drawn["genotype", "recall"].value == 0.5

    def test_precision_without_calls_is_undefined(self):
        drawn = resample(scored([1, 2], [0, 0], [0, 0], [1, 1]), replicates=5)
        assert np.isnan(drawn["allele", "precision"].value)
        assert drawn["allele", "f1"].value == 0

    def test_mean_of_seeds_is_taken_replicate_by_replicate(self):
        a = Resampled(0.5, np.array([0.4, 0.6]), 10)
        b = Resampled(0.7, np.array([0.8, 0.6]), 12)
        mean = Resampled.mean([a, b])
        assert mean.value == pytest.approx(0.6)
        np.testing.assert_allclose(mean.replicates, [0.6, 0.6])
        assert mean.n == 12


class TestInterval:
    def test_agrees_with_scipy(self):
        rng = np.random.default_rng(5)
        table = drawn_sites(rng, 800, 0.9)
        found = table["tp_allele"].to_numpy(float)
        oracle = stats.bootstrap(
            (found,), np.mean, n_resamples=2000, method="percentile", rng=rng
        ).confidence_interval
        ours = resample(table, replicates=2000)["allele", "recall"].interval()
        assert ours.low == pytest.approx(oracle.low, abs=0.004)
        assert ours.high == pytest.approx(oracle.high, abs=0.004)

    def test_width_is_the_closed_form_of_a_share(self):
        n, share = 4000, 0.8
        table = scored(np.arange(n), np.arange(n) < share * n, np.zeros(n), np.arange(n) >= share * n)
        spread = resample(table, replicates=2000)["allele", "recall"].replicates.std()
        assert spread == pytest.approx(np.sqrt(share * (1 - share) / n), rel=0.06)

    def test_covers_the_truth_as_often_as_it_says(self):
        rng = np.random.default_rng(11)
        recall = 0.9
        truth = 2 * recall / (1 + recall)
        covered = 0
        for _ in range(300):
            keys = rng.integers(0, 2**63, 400)
            estimate = f1_interval(drawn_sites(rng, 400, recall, keys), "allele", replicates=400)
            covered += estimate.low <= truth <= estimate.high
        assert 0.91 <= covered / 300 <= 0.985

    @pytest.mark.parametrize(
        ("right", "expected"), [(True, (0.025 ** (1 / 50), 1)), (False, (0, 1 - 0.025 ** (1 / 50)))]
    )
    def test_a_caller_without_any_error_gets_the_exact_bound(self, right, expected):
        table = scored(range(50), [right] * 50, [0] * 50, [not right] * 50)
        estimate = f1_interval(table, "allele", replicates=50)
        exact = stats.binomtest(50 * right, 50).proportion_ci(method="exact")
        assert (estimate.low, estimate.high) == pytest.approx(expected)
        assert (estimate.low, estimate.high) == pytest.approx((exact.low, exact.high))


class TestPairedDifference:
    def test_of_a_caller_with_itself_is_exactly_zero(self):
        table = drawn_sites(np.random.default_rng(1), 300, 0.7)
        shuffled = table.sample(frac=1, random_state=2)
        estimate = paired_difference(table, shuffled, "allele")
        assert (estimate.value, estimate.low, estimate.high) == (0, 0, 0)

    def test_is_much_narrower_than_unpaired_where_callers_fail_alike(self):
        rng = np.random.default_rng(2)
        worse = drawn_sites(rng, 3000, 0.9)
        better = worse.copy()
        rescued = worse.index[worse["fn_allele"] == 1][:30]
        for name in COUNTS:
            better.loc[rescued, name] = int(name.startswith("tp"))
        paired = paired_difference(better, worse, "allele")
        other_sites = worse.assign(item=worse["item"] + np.uint64(10**6))
        unpaired = paired_difference(better, other_sites, "allele")
        assert paired.low > 0
        assert unpaired.low < 0
        assert paired.value == unpaired.value

    def test_items_only_one_caller_reports_count_against_that_one(self):
        truth = scored(range(500), [1] * 500, [0] * 500, [0] * 500)
        false = scored(range(1000, 1025), [0] * 25, [1] * 25, [0] * 25)
        estimate = paired_difference(pd.concat([truth, false]), truth, "allele")
        assert estimate.value == pytest.approx(1000 / 1025 - 1)
        assert estimate.high < 0

    def test_calls_no_difference_as_often_as_it_says(self):
        rng = np.random.default_rng(21)
        wrongly_told_apart = 0
        for _ in range(200):
            keys = rng.integers(0, 2**63, 300)
            a, b = (drawn_sites(rng, 300, 0.9, keys) for _caller in range(2))
            estimate = paired_difference(a, b, "allele", replicates=400)
            wrongly_told_apart += estimate.low > 0 or estimate.high < 0
        assert wrongly_told_apart / 200 < 0.10


def test_blocks_are_drawn_whole():
    """Copies of an item in one block say no more than the item, so the interval stays as wide."""
    rng = np.random.default_rng(8)
    observed = rng.normal(0, 1, 60)
    alone = pd.DataFrame(
        {
            "item": np.arange(60, dtype=np.uint64),
            "predicted_level": observed + rng.normal(0, 1, 60),
            "observed_level": observed,
        }
    )
    copied = pd.concat([alone] * 5, ignore_index=True)
    copied["block"] = copied["item"]
    copied["item"] = np.arange(300, dtype=np.uint64)
    one, five = (resample(items, replicates=200)["level", "pearson"] for items in (alone, copied))
    np.testing.assert_allclose(five.replicates, one.replicates)
    narrow = resample(copied.drop(columns="block"), replicates=200)["level", "pearson"].interval()
    assert narrow.high - narrow.low < 0.7 * (one.interval().high - one.interval().low)

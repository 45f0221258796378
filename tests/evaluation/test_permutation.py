"""The swap test against scipy's permutation test of paired samples, and by hand."""

import numpy as np
import pytest
from scipy import stats

from seqmill.evaluation.permutation import swap_test

RNG = np.random.default_rng(4)
OBSERVED = RNG.normal(0, 1, 40)
GOOD = OBSERVED + RNG.normal(0, 0.6, 40)
POOR = OBSERVED + RNG.normal(0, 1.4, 40)


def oracle(a, b, observed, kind, **options):
    def standard(values):
        return stats.zscore(stats.rankdata(values) if kind == "spearman" else values)

    def difference(first, second):
        return stats.pearsonr(first, target).statistic - stats.pearsonr(second, target).statistic

    target = standard(observed)
    samples = (standard(a), standard(b))
    return stats.permutation_test(samples, difference, permutation_type="samples", **options).pvalue


@pytest.mark.parametrize("kind", ["pearson", "spearman"])
def test_exact_for_few_items(kind):
    part = slice(0, 9)
    ours = swap_test(GOOD[part], POOR[part], OBSERVED[part], kind=kind)
    assert ours == pytest.approx(oracle(GOOD[part], POOR[part], OBSERVED[part], kind, n_resamples=np.inf))


@pytest.mark.parametrize("kind", ["pearson", "spearman"])
def test_agrees_with_scipy_for_more(kind):
    ours = swap_test(GOOD, POOR, OBSERVED, kind=kind)
    theirs = oracle(GOOD, POOR, OBSERVED, kind, n_resamples=2000, rng=np.random.default_rng(1))
    assert ours == pytest.approx(theirs, abs=0.015)


def test_a_caller_against_itself():
    assert swap_test(GOOD, GOOD, OBSERVED, kind="pearson", permutations=99) == 1


def test_scale_is_no_difference():
    assert swap_test(GOOD, 7 * GOOD - 3, OBSERVED, kind="pearson", permutations=99) == 1


def test_two_like_seeds_test_as_one():
    once = swap_test(GOOD, POOR, OBSERVED, kind="pearson", permutations=500)
    assert swap_test([GOOD, GOOD], POOR, OBSERVED, kind="pearson", permutations=500) == once


def test_depends_on_the_seed_alone():
    first, again, other = (
        swap_test(GOOD[:20], POOR[:20], OBSERVED[:20], kind="pearson", permutations=300, seed=seed)
        for seed in (1, 1, 2)
    )
    assert first == again != other


@pytest.mark.parametrize("kind", ["pearson", "spearman"])
def test_blocks_are_swapped_whole(kind):
    """Every swap of five blocks, tried one by one."""
    blocks = np.repeat([7, 3, 9, 1, 4], 8)

    def standard(values):
        return stats.zscore(stats.rankdata(values) if kind == "spearman" else values)

    first, second, target = standard(GOOD), standard(POOR), standard(OBSERVED)
    found = []
    for word in range(2**5):
        swapped = np.isin(blocks, [name for bit, name in enumerate([7, 3, 9, 1, 4]) if word >> bit & 1])
        one, other = np.where(swapped, second, first), np.where(swapped, first, second)
        found.append(stats.pearsonr(one, target).statistic - stats.pearsonr(other, target).statistic)
    expected = np.mean(np.abs(found) >= abs(found[0]) - 1e-12)
    assert swap_test(GOOD, POOR, OBSERVED, kind=kind, blocks=blocks) == pytest.approx(expected)


def test_a_block_for_each_item_is_none():
    single = swap_test(GOOD, POOR, OBSERVED, kind="pearson", blocks=np.arange(40))
    assert single == swap_test(GOOD, POOR, OBSERVED, kind="pearson")

"""Thresholds from calls whose best threshold is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.applications.scoring import OperatingPoint, OperatingPoints, Sweep
from seqmill.evaluation.operating_points import bagged_threshold, choose_points


def test_separable_calls_are_cut_in_the_gap():
    quality = [40, 35, 30, 10, 8, 5]
    correct = [True, True, True, False, False, False]
    assert bagged_threshold(quality, correct, 3) == pytest.approx(20.0, abs=5.0)


def test_all_correct_keeps_all_and_none_correct_gives_zero():
    assert bagged_threshold([9, 7, 5] * 20, [True] * 60, 60) == 5.0
    assert bagged_threshold([9, 7, 5], [False] * 3, 10) == 0.0
    assert bagged_threshold([], [], 10) == 0.0


def test_calibrated_qualities_are_cut_at_half_of_the_best_f1():
    """Of calibrated probabilities the optimum is half the F1 it reaches (Lipton et al. 2014)."""
    generator = np.random.default_rng(5)
    probability = generator.beta(0.6, 0.4, 60_000)
    correct = generator.random(60_000) < probability
    truths = int(correct.sum())
    kept = bagged_threshold(probability, correct, truths)
    hits, calls = correct[probability >= kept].sum(), (probability >= kept).sum()
    assert kept == pytest.approx(hits / (calls + truths), abs=0.02)


def test_pools_cells_by_kind_and_depth():
    def sweep(cell, kind, depth, coverage, gap):
        return Sweep(
            cell=cell,
            kind=kind,
            depth=depth,
            coverage=coverage,
            truths=50,
            quality=np.repeat([gap + 5.0, gap - 5.0], 50),
            correct={"allele": np.repeat([True, False], 50)},
        )

    points = choose_points(
        [
            sweep("clean.10x.snp", "snp", "10x", 9.0, 20.0),
            sweep("noisy.10x.snp", "snp", "10x", 11.0, 20.0),
            sweep("clean.full.snp", "snp", "full", 30.0, 40.0),
            sweep("clean.10x.indel", "indel", "10x", 9.0, 60.0),
        ]
    )
    assert [(point.kind, point.coverage, point.quality) for point in points.points] == [
        ("indel", 9.0, 60.0),
        ("snp", 10.0, 20.0),
        ("snp", 30.0, 40.0),
    ]


@pytest.mark.parametrize(("coverage", "quality"), [(1, 7.0), (17, 7.0), (18, 9.0), (500, 9.0), (0, 7.0)])
def test_nearest_coverage_by_ratio(coverage, quality):
    points = OperatingPoints(
        [
            OperatingPoint(kind="snp", coverage=10, quality=7.0),
            OperatingPoint(kind="snp", coverage=31, quality=9.0),
        ]
    )
    assert points.quality("snp", coverage) == quality
    assert points.quality("indel", coverage) == 0.0


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=60))
def test_the_threshold_for_accuracy_is_that_of_the_best_share_told_right(calls):
    quality = np.array([call[0] for call in calls] * 40, float)
    correct = np.array([call[1] for call in calls] * 40)
    if not correct.any():
        return
    chosen = bagged_threshold(quality, correct, int(correct.sum()), goal="accuracy")

    def accuracy(threshold):
        return float(((quality >= threshold) == correct).mean())

    best = max(accuracy(threshold) for threshold in quality)
    assert accuracy(chosen) >= best - 0.08


def test_accuracy_and_f1_want_different_thresholds():
    quality = np.repeat([3.0, 2.0, 1.0], 100)
    correct = np.concatenate([np.ones(100), np.arange(100) < 45, np.zeros(100)]).astype(bool)
    assert bagged_threshold(quality, correct, 145) == pytest.approx(1.5)
    assert bagged_threshold(quality, correct, 145, goal="accuracy") == pytest.approx(2.5)

"""Precision-recall curves and thresholds against tables by hand and plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.evaluation.curves import best_threshold, curve, precision_recall


def test_by_hand():
    traced = precision_recall([50, 40, 40, 30], [True, True, False, False], truths=4)
    assert traced["quality"] == [50, 40, 30]
    assert traced["precision"] == pytest.approx([1, 2 / 3, 2 / 4])
    assert traced["recall"] == pytest.approx([1 / 4, 2 / 4, 2 / 4])
    assert traced["f1"] == pytest.approx([2 / 5, 4 / 7, 4 / 8])


calls = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=40)


@given(calls, st.integers(0, 10))
def test_every_point_is_what_filtering_gives(table, never_called):
    quality, correct = (np.array(column) for column in zip(*table, strict=True))
    truths = int(correct.sum()) + never_called
    traced = precision_recall(quality, correct, truths)
    assert traced["quality"] == sorted(set(quality.tolist()), reverse=True)
    for index, threshold in enumerate(traced["quality"]):
        kept = quality >= threshold
        assert traced["precision"][index] == pytest.approx(correct[kept].mean())
        assert traced["recall"][index] == pytest.approx(correct[kept].sum() / max(truths, 1))


@given(calls, st.integers(0, 10))
def test_no_threshold_beats_the_best(table, never_called):
    quality, correct = (np.array(column) for column in zip(*table, strict=True))
    truths = int(correct.sum()) + never_called

    def f1(threshold):
        kept = quality >= threshold
        return 2 * correct[kept].sum() / (kept.sum() + truths)

    assert f1(best_threshold(quality, correct, truths)) == max(f1(value) for value in set(quality.tolist()))


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    quality = np.arange(5000)
    traced = precision_recall(quality, quality % 3 > 0, truths=4000, points=100)
    assert len(traced["quality"]) == 100
    assert (traced["quality"][0], traced["quality"][-1]) == (4999, 0)


def test_without_calls_the_curve_is_empty():
    assert precision_recall([], [], truths=3)["recall"] == []
    assert best_threshold([], [], truths=3) == 0


def test_entry_of_the_file():
    entry = curve("clean.10x.snp", "allele", threshold=7.0, **precision_recall([9.0], [True], truths=1))
    assert entry["cell"] == "clean.10x.snp"
    assert entry["threshold"] == 7.0
    assert entry["recall"] == [1.0]

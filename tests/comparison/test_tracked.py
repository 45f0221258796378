"""What the store tells of runs."""

from dataclasses import replace

import pytest

from seqmill.comparison.tracked import energy, read_tracked


def test_code_packages_and_use(tracked_callers, store):
    runs = [run for caller in tracked_callers for run in caller.runs]
    tracked = read_tracked(store, runs)
    assert len(tracked) == 5
    one = tracked[runs[0].training["run_id"]]
    assert one.packages == {"numpy": "2.4.6", "torch": "2.9"}
    assert one.tags["host"] == "node7"
    assert (one.usage.gpus, one.usage.memory_gb, one.usage.gpu_memory_gb) == (1, 2.5, 4.0)
    assert one.usage.energy_wh is None


def test_runs_the_store_does_not_have_are_left_out(tracked_callers, store):
    runs = [
        replace(tracked_callers[0].runs[0], training={"run_id": "0" * 32}),
        replace(tracked_callers[0].runs[0], training={}),
    ]
    assert read_tracked(store, runs) == {}


def test_energy_is_the_integral_of_power():
    assert energy([0, 1_800_000, 3_600_000], [100.0, 100.0, 200.0]) == pytest.approx(50 + 75)
    assert energy([3_600_000, 0], [10.0, 10.0]) == pytest.approx(10)
    assert energy([5], [300.0]) == 0

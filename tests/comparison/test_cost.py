"""Costs, summed and averaged over seeds."""

from seqmill.comparison.cost import HEADINGS, cost_table
from seqmill.comparison.runs import load_callers
from seqmill.comparison.tracked import Tracked, Usage


def costs(study, tracked):
    callers = load_callers(study.runs, study.baselines)
    rows = cost_table(callers, tracked)
    return {
        row["name"]: dict(
            zip((name for name, _ in HEADINGS), (shown for _, shown in row["columns"]), strict=True)
        )
        for row in rows
    }


def test_what_the_folders_tell(study):
    shown = costs(study, {})
    assert set(shown) == {"good", "fair", "scalars"}
    assert shown["good"] == {
        "runs": "2",
        "parameters": "48,211",
        "device hours": "0.0411 device h",
        "minutes": "1.2",
        "examples/s": "5,230",
        "memory": "\N{EN DASH}",
        "GPU memory": "\N{EN DASH}",
        "energy": "\N{EN DASH}",
    }


def test_the_mean_of_sites_was_not_trained(averaged):
    assert [row["name"] for row in cost_table(averaged.callers, {})] == ["fair", "good", "scalars"]


def test_what_the_store_adds(study):
    usage = Usage(gpus=1, memory_gb=2.0, gpu_memory_gb=7.0, energy_wh=1.5)
    shown = costs(study, {"0123456789abcdef0123456789abcdef": Tracked(usage=usage)})["good"]
    assert (shown["memory"], shown["GPU memory"], shown["energy"]) == ("2.0 GB", "7.0 GB", "3.0 Wh")
    assert shown["device hours"] == "0.0411 GPU h"


def test_without_a_gpu_hours_are_the_processors(study):
    known = {"0123456789abcdef0123456789abcdef": Tracked(usage=Usage(memory_gb=2.0))}
    assert costs(study, known)["good"]["device hours"] == "0.0411 CPU h"

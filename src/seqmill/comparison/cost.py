"""What each trained caller cost: time on its device, speed, memory, energy."""

from collections.abc import Mapping, Sequence
from typing import Any

from seqmill.comparison.numbers import NOTHING
from seqmill.comparison.runs import Caller
from seqmill.comparison.tracked import Tracked

HEADINGS = (
    ("runs", "Trainings of the experiment"),
    ("parameters", "Weights of the network"),
    ("device hours", "All runs: wall time on the device, times the devices"),
    ("minutes", "Wall time of a run, mean over seeds"),
    ("examples/s", "Training examples a second, mean over seeds"),
    ("memory", "Highest use of the machine's memory in any run, other programs included"),
    ("GPU memory", "Highest use of the GPUs' memory in any run"),
    ("energy", "Energy of the GPUs, all runs, as the system metrics recorded their power"),
)


def cost_table(callers: Sequence[Caller], tracked: Mapping[str, Tracked]) -> list[dict[str, Any]]:
    """Lay out the costs of each trained caller under `HEADINGS`; what is not known is a dash.

    The mean of several sites is left out: its trainings are the sites' own.
    """
    return [
        _row(caller, tracked)
        for caller in callers
        if any(run.training and "sites" not in run.training for run in caller.runs)
    ]


def _row(caller: Caller, tracked: Mapping[str, Tracked]) -> dict[str, Any]:
    trained = [run.training for run in caller.runs if run.training]
    usages = [tracked[run["run_id"]].usage for run in trained if run.get("run_id") in tracked]
    kind = "GPU" if any(usage.gpus for usage in usages) else "device" if not usages else "CPU"
    walls = [run["wall_s"] for run in trained if run.get("wall_s") is not None]
    hours = (
        sum(run["wall_s"] * run.get("devices", 1) for run in trained if run.get("wall_s") is not None) / 3600
    )
    speeds = [run["examples_per_s"] for run in trained if run.get("examples_per_s") is not None]
    energies = [usage.energy_wh for usage in usages if usage.energy_wh is not None]
    return {
        "name": caller.name,
        "device": ", ".join(sorted({str(run["device"]) for run in trained if run.get("device")})),
        "columns": [
            (len(trained), f"{len(trained)}"),
            _shown(trained[0].get("parameters"), "{:,.0f}"),
            _shown(hours if walls else None, "{:.3g} " + kind + " h"),
            _shown(_mean(walls, 1 / 60), "{:.1f}"),
            _shown(_mean(speeds), "{:,.0f}"),
            _shown(_highest([usage.memory_gb for usage in usages]), "{:.1f} GB"),
            _shown(_highest([usage.gpu_memory_gb for usage in usages]), "{:.1f} GB"),
            _shown(sum(energies) if energies else None, "{:,.1f} Wh"),
        ],
    }


def _mean(values: Sequence[float], scale: float = 1.0) -> float | None:
    return scale * sum(values) / len(values) if values else None


def _highest(values: Sequence[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _shown(value: float | None, form: str) -> tuple[float | str, str]:
    return ("", NOTHING) if value is None else (value, form.format(value))

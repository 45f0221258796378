"""The report's view of what stands beside the results: cost, contrasts, sweeps, several datasets."""

from typing import Any

from seqmill.comparison.compared import Compared, Mixed
from seqmill.comparison.contrasts import contrasts
from seqmill.comparison.cost import HEADINGS, cost_table
from seqmill.comparison.sweeps import Swept


def beside(compared: Compared) -> dict[str, Any]:
    """Lay out cost, contrasts, sweeps and the mixture of datasets for the template."""
    return {
        "costs": cost_table(compared.callers, compared.tracked),
        "cost_headings": HEADINGS,
        "contrasts": contrasts(compared.callers, compared.tracked),
        "tracked": bool(compared.tracked),
        "sweeps": [_sweep(sweep) for sweep in compared.sweeps],
        "mixed": compared.mixed and _mixed(compared.mixed),
    }


def _sweep(sweep: Swept) -> dict[str, Any]:
    rows = zip(sweep.trials, sweep.scores, zip(*sweep.settings.values(), strict=True), strict=True)
    return {
        "name": sweep.name,
        "base": sweep.base,
        "names": list(sweep.settings),
        "trials": [
            {"name": trial, "score": f"{score:.4f}", "settings": [_text(value) for value in values]}
            for trial, score, values in rows
        ],
        "importance": [
            {"name": key, "share": round(100 * share, 1), "shown": f"{100 * share:.0f} %"}
            for key, share in sweep.importance.items()
        ],
    }


def _mixed(mixed: Mixed) -> dict[str, Any]:
    return {
        "shared": f"{mixed.common.items:,}",
        "datasets": [
            {"name": name, "digest": digest[:12], "known": f"{items:,}"}
            for digest, (name, items) in mixed.common.of_each.items()
        ],
        "differences": mixed.differences,
    }


def _text(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)

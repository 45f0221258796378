"""What models of persons give away, and what was spent to keep it: the attack on each run, and the ledger."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seqmill.comparison.numbers import NOTHING, brief, span
from seqmill.comparison.runs import Caller, Run
from seqmill.evaluation.membership import METRIC
from seqmill.training.private.ledger import ledger_folder, read_ledger, totals

_COLUMNS = ("noise_multiplier", "max_grad_norm", "sample_rate", "steps", "delta", "epsilon")


def privacy_view(callers: Sequence[Caller], manifest: Path) -> dict[str, Any]:
    """Lay out the attacks on the runs and the ledger of the dataset; empty where there is neither.

    Parameters
    ----------
    callers : sequence of Caller
        What is compared; runs without an attack are left out.
    manifest : Path
        Manifest of the dataset, which the ledger lies beside. It tells all runs, also those of sweeps and
        those that were trained anew since.
    """
    attacks = [_attack(run) for caller in callers for run in caller.runs if _row(run)]
    entries = read_ledger([ledger_folder(manifest)])
    if not attacks and not entries:
        return {}
    return {
        "attacks": attacks,
        "entries": [
            {
                "name": f"{one['experiment']}, seed {one['seed']}",
                "columns": [_shown(one[name]) for name in _COLUMNS],
                "how": f"{one['accountant']}, {one['unit']}{', seeded' if one['seeded_noise'] else ''}",
            }
            for one in entries
        ],
        "totals": [{name: _shown(value) for name, value in row.items()} for row in totals(entries)],
    }


def _attack(run: Run) -> dict[str, Any]:
    row = _row(run)
    assert row is not None
    spent = run.training.get("privacy", {}).get("epsilon")
    return {
        "experiment": run.experiment,
        "seed": run.seed,
        "value": brief(row["value"]),
        "interval": span(row["low"], row["high"]),
        "found": row["low"] > 0.5,
        "epsilon": NOTHING if spent is None else _shown(spent),
    }


def _row(run: Run) -> dict[str, Any] | None:
    return next((row for row in run.scored["metrics"] if row["metric"] == METRIC), None)


def _shown(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)

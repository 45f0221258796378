"""What models of persons give away, and what was spent to keep it: the attack on each run, and the ledger."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seqmill.comparison.numbers import NOTHING, brief, span
from seqmill.comparison.runs import Caller, Run
from seqmill.evaluation.membership import METRIC
from seqmill.training.private.ledger import ledger_folder, read_ledger, totals

_ATTACKED = (
    ("run", ""),
    ("seed", ""),
    ("AUROC of the attack", "Of a training and a test example, how often the latter has the larger loss"),
    ("95 % interval", "Over groups of the splits"),
    ("found", "Whether the whole interval lies above 0.5"),
    ("epsilon", "What training has spent; a dash where it was not private"),
)
_SPENT = {
    "cohort": ("cohort", "Digest of the ids of its persons"),
    "unit": ("protected", "A person, or a group of the splits such as a family"),
    "persons": ("learnt from", "Training persons or groups, the most in a run"),
    "runs": ("runs", "Private trainings, those of sweeps and replaced ones too"),
    "steps": ("steps", "Blurred steps of all runs"),
    "epsilon_sum": ("sum of epsilons", "Holds whatever was run, at the sum of deltas"),
    "delta_sum": ("sum of deltas", "Probability that the sum of epsilons does not hold"),
    "epsilon": ("epsilon together", "Of all steps, by adding up Renyi divergences: as true, mostly smaller"),
    "delta": ("at delta", "Probability that the epsilon together does not hold: the largest of a run"),
}
_RUN = {
    "noise_multiplier": ("noise", "Standard deviation of the noise over the norm clipped to"),
    "max_grad_norm": ("clipped to", "Norm to which the gradient of each person is clipped"),
    "sample_rate": ("sample rate", "Probability that a person takes part in a step"),
    "steps": ("steps", "Blurred steps"),
    "delta": ("delta", "Probability that epsilon does not hold"),
    "epsilon": ("epsilon", "Bound on what one person changes; smaller is better"),
    "unit": ("protected", "A person, or a group of the splits such as a family"),
    "persons": ("learnt from", "Training persons or groups"),
    "accountant": ("accountant", "How steps are added up"),
}


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
        "attacked": _ATTACKED,
        "entries": [
            {
                "name": f"{one['experiment']}, seed {one['seed']}",
                "columns": [_shown(one[name]) for name in _RUN],
                "seeded": one["seeded_noise"],
            }
            for one in entries
        ],
        "run": (("run", ""), *_RUN.values()),
        "totals": [[_shown(row[name]) for name in _SPENT] for row in totals(entries)],
        "spent": tuple(_SPENT.values()),
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

"""What runs have spent of the privacy of a cohort: a file for each, and their sum."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from seqmill.errors import InputError
from seqmill.files import digest_json, read_json, write_json
from seqmill.profiles.table import read_table
from seqmill.shards.manifest import Manifest
from seqmill.training.config import RunConfig
from seqmill.training.private.budget import Budget, epsilon
from seqmill.training.private.persons import PROFILES

FOLDER = "privacy"
"""Folder of the ledger, beside that of the dataset."""

Entry = dict[str, Any]

_NEEDED = ("cohort", "run_id", "noise_multiplier", "sample_rate", "steps", "delta", "epsilon")


def ledger_folder(manifest: Path) -> Path:
    """Give where the entries of all runs on a dataset lie."""
    return manifest.absolute().parent.parent / FOLDER


def cohort_of(manifest: Manifest) -> str:
    """Name the cohort: the first 16 hexadecimal digits of the digest of the ids of all its persons.

    It stays the same when features, labels or splits change, for they are the same persons.
    """
    return digest_json(list(read_table(manifest.table_paths()[PROFILES]).ids))[:16]


def entry(
    run: RunConfig, manifest: Manifest, budget: Budget, *, cohort: str, run_id: str, steps: int
) -> Entry:
    """Give what a run has spent after some steps, as plain values."""
    settings = run.privacy
    return {
        "run_id": run_id,
        "experiment": run.experiment,
        "seed": run.seed,
        "dataset": manifest.dataset,
        "dataset_digest": manifest.digest,
        "cohort": cohort,
        "unit": settings.unit,
        "persons": budget.persons,
        "mechanism": "DP-SGD with Poisson sampling",
        "noise_multiplier": budget.noise_multiplier,
        "max_grad_norm": settings.max_grad_norm,
        "sample_rate": budget.sample_rate,
        "steps": steps,
        "accountant": budget.accountant,
        "delta": budget.delta,
        "epsilon": budget.epsilon(steps),
        "standardise": settings.standardise,
        "seeded_noise": settings.seeded_noise,
        "init_from": run.init_from,
    }


def note(folder: Path, spent: Entry) -> None:
    """Write the entry of a run, in the place of an earlier one of the same run.

    Entries stay when a run is trained anew under the same name: what was spent is spent.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / f"{spent['run_id']}.json", spent)


def read_ledger(folders: Iterable[Path]) -> list[Entry]:
    """Read all entries, by cohort, experiment and seed; a folder that is not there has none.

    Raises
    ------
    InputError
        When a file is no entry.
    """
    entries = [read_json(path, *_NEEDED) for folder in folders for path in sorted(folder.glob("*.json"))]
    seen = {(one["cohort"], one["run_id"]): one for one in entries}
    return sorted(
        seen.values(), key=lambda one: (one["cohort"], one["experiment"], one["seed"], one["run_id"])
    )


def totals(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Add up what was spent on each cohort.

    Returns
    -------
    list of dict
        ``cohort``, ``unit``, ``persons`` (the most in a run), ``runs``, ``steps``; ``epsilon_sum`` and
        ``delta_sum``, which hold for any sequence of runs; and ``epsilon`` at ``delta``, the largest of a
        run, by adding up Renyi divergences, which is as true and mostly smaller. Runs whose noise hangs on
        the seed alone are counted like the others.
    """
    rows = []
    for cohort in sorted({one["cohort"] for one in entries}):
        own = [one for one in entries if one["cohort"] == cohort]
        delta = max(one["delta"] for one in own)
        history = [(one["noise_multiplier"], one["sample_rate"], one["steps"]) for one in own]
        rows.append(
            {
                "cohort": cohort,
                "unit": " and ".join(sorted({one["unit"] for one in own})),
                "persons": max(one["persons"] for one in own),
                "runs": len(own),
                "steps": sum(one["steps"] for one in own),
                "epsilon_sum": sum(one["epsilon"] for one in own),
                "delta_sum": sum(one["delta"] for one in own),
                "epsilon": epsilon(history, delta, "rdp"),
                "delta": delta,
            }
        )
    return rows


def require(entries: Sequence[Entry], folders: Sequence[Path]) -> None:
    """Raise InputError when there is no entry."""
    if not entries:
        raise InputError(
            f"{', '.join(map(str, folders))}: no entry of a private run found; train one with privacy=dp_sgd"
        )

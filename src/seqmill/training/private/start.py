"""What a private run is given before its first step."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytorch_lightning as pl

from seqmill.applications.profiled.components import asked_of
from seqmill.errors import InputError
from seqmill.shards.manifest import Manifest
from seqmill.training.config import RunConfig
from seqmill.training.hardware import Hardware
from seqmill.training.private.budget import Budget, plan_budget
from seqmill.training.private.gradients import attach, check_gradients
from seqmill.training.private.ledger import Entry, cohort_of, entry, ledger_folder, note
from seqmill.training.private.noisy import Noisy
from seqmill.training.private.persons import read_persons
from seqmill.training.private.sampling import PoissonBatches
from seqmill.training.private.secret import open_secret


@dataclass(frozen=True)
class Private:
    """The parts of a private run.

    Attributes
    ----------
    budget : Budget
        What a step costs.
    batches : PoissonBatches
        What is trained on.
    noisy : Noisy
        The callback that blurs.
    entry : callable
        Steps -> entry of the ledger.
    """

    budget: Budget
    batches: PoissonBatches
    noisy: Noisy
    entry: Callable[[int], Entry]


def check_private(run: RunConfig, hardware: Hardware) -> None:
    """Raise InputError where the program or the hardware that was chosen cannot train privately."""
    if find_spec("opacus") is None:
        raise InputError('privacy: Opacus is not installed; install it with: pip install "seqmill[privacy]"')
    if hardware.world_size != 1:
        raise InputError(f"privacy: {hardware.world_size} processes found, 1 wanted; give --devices 1")
    if hardware.precision != "32-true":
        raise InputError(f"trainer.precision: {run.trainer.precision} found, fp32 wanted with privacy")
    if run.trainer.average:
        raise InputError(f"trainer.average: {run.trainer.average:g} found, 0 wanted with privacy")


def start_private(
    module: pl.LightningModule, manifest: Manifest, run: RunConfig, *, state: Path, run_id: str
) -> Private:
    """Read the persons, check that each has one row and a gradient, and plan noise and batches.

    Parameters
    ----------
    module : LightningModule
        The task, with its tables; hooks are attached to its network.
    manifest : Manifest
        The dataset.
    run : RunConfig
        The configuration, with privacy.
    state : Path
        Folder of the state, where the secret is kept.
    run_id : str
        The tracked run.

    Raises
    ------
    InputError
        When the dataset, the network or the task does not allow for it, or components would be fitted.
    """
    settings, trainer = run.privacy, run.trainer
    if asked_of(manifest.encoding.options) is not None and not run.init_from:
        raise InputError(
            "options.components: components found, which would be made of the genotypes of training persons "
            "without noise; privacy wants none, or init_from a model that brings those of other people"
        )
    persons = read_persons(manifest, unit=settings.unit, fraction=trainer.train_fraction)
    count = len(persons["weight"])
    steps = -(-count // trainer.batch_size)
    budget = plan_budget(settings, persons=count, batch_size=trainer.batch_size, steps=steps * trainer.epochs)
    hooks: Any = attach(module)
    check_gradients(module, hooks, persons)
    key = open_secret(state, seeded=settings.seeded_noise)
    cohort = cohort_of(manifest)

    def spent(taken: int) -> Entry:
        return entry(run, manifest, budget, cohort=cohort, run_id=run_id, steps=taken)

    folder = ledger_folder(Path(run.dataset.manifest))
    noisy = Noisy(
        budget,
        max_grad_norm=settings.max_grad_norm,
        seed=run.seed,
        key=key,
        spent=lambda taken: note(folder, spent(taken)),
    )
    batches = PoissonBatches(persons, rate=budget.sample_rate, steps=steps, seed=run.seed, key=key)
    return Private(budget, batches, noisy, spent)

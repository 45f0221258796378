"""Fit one module to one dataset, from a saved state if there is one."""

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import pytorch_lightning as pl
import torch
from lightning_fabric.plugins.environments import LightningEnvironment
from pytorch_lightning.utilities.exceptions import SIGTERMException

from seqmill.errors import SeqmillError
from seqmill.shards.manifest import Manifest
from seqmill.stopping import Stop
from seqmill.tracking.run import Run
from seqmill.training.clip import Clip
from seqmill.training.config import RunConfig
from seqmill.training.data import ShardData, steps_per_epoch
from seqmill.training.hardware import Hardware
from seqmill.training.history import History
from seqmill.training.keeper import Keeper
from seqmill.training.reporter import Reporter
from seqmill.training.saving import StateIO
from seqmill.training.seeding import SeededSteps
from seqmill.training.state import State

_LOADER_THREADS = 2


@dataclass(frozen=True)
class Fitted:
    """What a completed training gives.

    Attributes
    ----------
    history : History
        Losses by epoch and the best one.
    steps : int
        Batches trained on.
    """

    history: History
    steps: int


def fit(
    module: pl.LightningModule,
    manifest: Manifest,
    run: RunConfig,
    *,
    state: State,
    hardware: Hardware,
    threads: int,
    keep_best: Callable[[], None],
    stop: Stop,
    tracked: Run | None = None,
) -> Fitted:
    """Train to the end, or raise `Interrupted` with the state saved.

    Parameters
    ----------
    module : LightningModule
        The application's task.
    manifest : Manifest
        The dataset.
    run : RunConfig
        The configuration.
    state : State
        Where the state is kept; training goes on from it.
    hardware : Hardware
        Devices and precision.
    threads : int
        Threads of this process.
    keep_best : callable
        Called when the weights are the best so far.
    stop : Stop
        Whether to stop.
    tracked : Run, optional
        Where numbers are sent.

    Raises
    ------
    Interrupted
        At a signal or the deadline.
    SeqmillError
        When the validation loss is no finite number.
    """
    settings = run.trainer
    steps = steps_per_epoch(manifest, settings.batch_size, hardware.devices)
    module.total_steps = steps * settings.epochs
    if settings.channels_last and getattr(module, "channels_last", False):
        module.to(memory_format=torch.channels_last)
    data = ShardData(
        manifest, batch_size=settings.batch_size, seed=run.seed, threads=min(threads, _LOADER_THREADS)
    )
    history = History(
        patience=settings.early_stopping_patience, keep_best=keep_best, waited=lambda: data.waited
    )
    reporter = Reporter(tracked, history)
    callbacks: list[pl.Callback] = [SeededSteps(run.seed), history, reporter]
    if run.optimizer.gradient_clip:
        callbacks.append(Clip(run.optimizer.gradient_clip))
    callbacks.append(Keeper(state.last, stop, reporter.send))
    _quiet()
    trainer = pl.Trainer(
        accelerator=hardware.accelerator,
        devices=hardware.devices,
        strategy="ddp" if hardware.devices > 1 else "auto",
        precision=hardware.precision,
        max_epochs=settings.epochs,
        check_val_every_n_epoch=settings.evaluate_every,
        deterministic=True,
        callbacks=callbacks,
        plugins=[LightningEnvironment(), StateIO()],
        default_root_dir=state.folder,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
    )
    torch.utils.deterministic.fill_uninitialized_memory = False  # costs time and changes no result
    try:
        trainer.fit(module, datamodule=data, ckpt_path=state.usable(), weights_only=True)
    except SIGTERMException:  # a signal that came while Lightning was setting up
        stop.check()
        raise
    if trainer.world_size != hardware.devices:
        raise SeqmillError(f"trained on {trainer.world_size} devices, {hardware.devices} wanted")
    return Fitted(history, trainer.global_step)


def _quiet() -> None:
    """Silence what Lightning says about choices that were made here on purpose."""
    logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)
    logging.getLogger("lightning_fabric").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", module="pytorch_lightning|lightning_fabric")

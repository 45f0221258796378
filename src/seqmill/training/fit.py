"""Fit one module to one dataset, from a saved state if there is one."""

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import pytorch_lightning as pl
import torch
from lightning_fabric.plugins.environments import LightningEnvironment, SLURMEnvironment
from pytorch_lightning.utilities.exceptions import SIGTERMException

from seqmill.errors import InputError
from seqmill.shards.manifest import Manifest
from seqmill.stopping import Stop
from seqmill.tracking.run import Run
from seqmill.training.average import Average
from seqmill.training.clip import Clip
from seqmill.training.config import RunConfig
from seqmill.training.data import ShardData, training_rows
from seqmill.training.hardware import Hardware
from seqmill.training.history import History
from seqmill.training.keeper import Keeper
from seqmill.training.private.start import Private
from seqmill.training.ranks import ALONE, Ranks
from seqmill.training.reporter import Reporter
from seqmill.training.saving import StateIO
from seqmill.training.seeding import SeededSteps
from seqmill.training.state import State
from seqmill.training.strategy import choose_strategy
from seqmill.training.world import World

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
    examples : int
        Examples of an epoch.
    """

    history: History
    steps: int
    examples: int


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
    ranks: Ranks = ALONE,
    tracked: Run | None = None,
    private: Private | None = None,
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
        Called on all ranks when the weights are the best so far.
    stop : Stop
        Whether to stop.
    ranks : Ranks
        The place of this process among those of the run.
    tracked : Run, optional
        Where numbers are sent.
    private : Private, optional
        What protects the persons that are learnt from.

    Raises
    ------
    InputError
        When there are fewer examples in a batch than processes.
    Interrupted
        At a signal or the deadline.
    SeqmillError
        When the validation loss is no finite number, or other processes take part than wanted.
    """
    settings = run.trainer
    if settings.batch_size < hardware.world_size:
        raise InputError(
            f"trainer.batch_size: {settings.batch_size} found, at least one example for each of the "
            f"{hardware.world_size} processes wanted; raise it, or train with fewer processes"
        )
    examples = training_rows(manifest, settings.train_fraction)
    module.total_steps = -(-examples // settings.batch_size) * settings.epochs
    is_sharded = settings.strategy == "fsdp" and hardware.world_size > 1  # shards are cut from rows
    if settings.channels_last and not is_sharded and getattr(module, "channels_last", False):
        module.to(memory_format=torch.channels_last)
    data = ShardData(
        manifest,
        batch_size=settings.batch_size,
        seed=run.seed,
        threads=min(threads, _LOADER_THREADS),
        train_fraction=settings.train_fraction,
        drawn=private.batches if private else None,
    )
    history = History(
        patience=settings.early_stopping_patience, keep_best=keep_best, waited=lambda: data.waited
    )
    reporter = Reporter(tracked, history)
    callbacks: list[pl.Callback] = [World(hardware.world_size), SeededSteps(run.seed), history, reporter]
    if private:
        callbacks.append(private.noisy)
    elif run.optimizer.gradient_clip:
        callbacks.append(Clip(run.optimizer.gradient_clip))
    if settings.average:
        callbacks.append(Average(settings.average))
    callbacks.append(Keeper(state.last, stop, reporter.send))
    _quiet()
    trainer = pl.Trainer(
        accelerator=hardware.accelerator,
        devices=hardware.devices,
        num_nodes=hardware.nodes,
        strategy=choose_strategy(settings.strategy, hardware.world_size, module),
        precision=hardware.precision,
        max_epochs=settings.epochs,
        check_val_every_n_epoch=settings.evaluate_every,
        deterministic=True,
        callbacks=callbacks,
        plugins=[
            SLURMEnvironment(auto_requeue=False) if ranks.by_srun else LightningEnvironment(),
            StateIO(),
        ],
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
    return Fitted(history, trainer.global_step, examples)


def _quiet() -> None:
    """Silence what Lightning says about choices that were made here on purpose."""
    logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)
    logging.getLogger("lightning_fabric").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", module="pytorch_lightning|lightning_fabric")

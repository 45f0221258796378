"""Train one run from its configuration to its declared outputs."""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytorch_lightning as pl

from seqmill.files import atomic_path, digest_json, remove_parts, write_json
from seqmill.shards.manifest import Manifest
from seqmill.stopping import Stop, listening
from seqmill.tracking.record import CHECKPOINT, MODEL_FOLDER, log_setup
from seqmill.tracking.run import Run, find_run, open_run
from seqmill.training import checkpoint
from seqmill.training.config import RunConfig
from seqmill.training.data import training_rows
from seqmill.training.fit import Fitted, fit
from seqmill.training.hardware import Hardware, find_hardware, use_threads
from seqmill.training.history import MONITORED
from seqmill.training.initial import Initial, find_initial, start_from
from seqmill.training.module import build_module, check_application, class_counts
from seqmill.training.private.start import check_private, start_private
from seqmill.training.ranks import ALONE, Ranks
from seqmill.training.render import render, write_config
from seqmill.training.scratch import on_scratch
from seqmill.training.seeding import seed_at
from seqmill.training.state import State, open_state, state_folder
from seqmill.training.tables import fit_tables
from seqmill.training.teachers import find_teachers, give_teachers
from seqmill.training.validate import flatten, to_plain

STATE_TAG = "state"
"""Tag of a tracked run that names the state it goes on from."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where a run reads and writes.

    Attributes
    ----------
    output : Path
        Folder of the declared outputs: ``checkpoint.ckpt``, ``config.yaml``, ``train.json``.
    state : Path
        Folder of resumable states.
    store : str
        Address of the tracking store.
    store_experiment : str
        Experiment of the store.
    scratch : Path, optional
        Folder on the node's own disk that the shards are copied to while the run trains.
    """

    output: Path
    state: Path
    store: str
    store_experiment: str
    scratch: Path | None = None


def train(
    run: RunConfig,
    places: Places,
    *,
    threads: int = 1,
    ranks: Ranks = ALONE,
    ready: Callable[[], None] = lambda: None,
    stop: Stop | None = None,
    tags: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Train a run to the end and write its outputs, all of them last.

    A run that was stopped goes on from its state, in the same tracked run. The state is dropped when the
    outputs are written.

    Parameters
    ----------
    run : RunConfig
        The configuration.
    places : Places
        Where to read and write.
    threads : int
        Threads of this process and of those that it starts, together.
    ranks : Ranks
        The place of this process among those of the run; the others are called with the same arguments.
    ready : callable
        Called when this process is ready to train; see `seqmill.training.ranks.together`.
    stop : Stop, optional
        Whether to stop; signals are listened to here unless it is given.
    tags : mapping, optional
        Further tags of the tracked run, such as what it reproduces.

    Returns
    -------
    dict
        The content of ``train.json``.

    Raises
    ------
    Interrupted
        When it was stopped early.
    InputError
        When dataset, application or store do not fit.
    """
    if stop is None:
        with listening() as stop:
            return train(run, places, threads=threads, ranks=ranks, ready=ready, stop=stop, tags=tags)
    with stop.at_once() if ranks.is_main else nullcontext():
        checks_digests = ranks.is_main and places.scratch is None  # else they are checked on the way
        manifest = Manifest.load(run.dataset.manifest, verify="digests" if checks_digests else "sizes")
    check_application(run, manifest)
    is_auto = run.trainer.precision == "auto"
    precision = "fp32" if run.privacy.is_on and is_auto else run.trainer.precision
    hardware = find_hardware(precision, ranks.devices, ranks.nodes)
    if run.privacy.is_on:
        check_private(run, hardware)
    use_threads(threads if ranks.by_srun else max(1, threads // hardware.devices))
    initial = find_initial(run.init_from, places.store)
    teachers = find_teachers(run, places.store)
    given = [one.sha256 for one in (initial, *teachers) if one]
    identity = digest_json([manifest.digest, *given]) if given else manifest.digest
    with _state(places.state, run, identity, ranks) as state:
        with on_scratch(manifest, places.scratch, lambda: _check(stop, ranks)) as manifest:
            _check(stop, ranks)
            with (
                _tracked(run, places, state, manifest, hardware, initial, teachers, tags or {})
                if ranks.is_main
                else nullcontext()
            ) as tracked:
                _check(stop, ranks)
                ready()
                record = _train(
                    run,
                    places.output,
                    manifest,
                    state,
                    tracked,
                    initial=initial,
                    teachers=teachers,
                    hardware=hardware,
                    threads=threads,
                    ranks=ranks,
                    stop=stop,
                )
        if ranks.is_main:
            state.remove()  # the very last act: without a state the same command trains anew, as another run
    return record


def _train(
    run: RunConfig,
    output: Path,
    manifest: Manifest,
    state: State,
    tracked: Run | None,
    *,
    initial: Initial | None,
    teachers: tuple[Initial, ...],
    hardware: Hardware,
    threads: int,
    ranks: Ranks,
    stop: Stop,
) -> dict[str, Any]:
    application = check_application(run, manifest)
    counts = class_counts(application, manifest, run.trainer.train_fraction)
    seed_at(run.seed)
    module = build_module(run, manifest.encoding, counts)
    fits = not run.privacy.is_on or run.privacy.standardise == "fitted"
    fit_tables(module, manifest, run.trainer.train_fraction, fits=fits)
    give_teachers(module, teachers, manifest, run.trainer.train_fraction, check=lambda: _check(stop, ranks))
    parameters = sum(parameter.numel() for parameter in module.parameters())
    if initial is not None:
        _start_from(module, initial, manifest, aloud=ranks.is_main)
    facts = checkpoint.describe(
        run,
        manifest.encoding,
        label_counts=counts,
        dataset_digest=manifest.digest,
        run_id=tracked.run_id if tracked else "",
        parents=[manifest.origin, *(one.origin for one in (initial, *teachers) if one)],
        threads=threads,
        device=checkpoint.device_of(hardware),
    )
    facts["train_examples"] = training_rows(manifest, run.trainer.train_fraction)
    private = None
    if run.privacy.is_on:
        private = start_private(module, manifest, run, state=state.folder, run_id=facts["run_id"])

    def keep_best() -> None:
        weights = module.trainer.strategy.lightning_module_state_dict()  # gathered where it is sharded
        if ranks.is_main:
            checkpoint.save(state.best, weights, facts)

    with tracked.system_metrics() if tracked else nullcontext():
        fitted = fit(
            module,
            manifest,
            run,
            state=state,
            hardware=hardware,
            threads=threads,
            keep_best=keep_best,
            stop=stop,
            ranks=ranks,
            tracked=tracked,
            private=private,
        )
    record = _record(run, manifest, fitted, hardware) | {
        "parameters": parameters,
        "run_id": facts["run_id"],
        "attempts": state.attempt,
    }
    if private is not None:
        record["privacy"] = private.entry(fitted.steps)
    if tracked is not None:
        _write_outputs(output, run, state, tracked, record)
    return record


def _start_from(module: pl.LightningModule, initial: Initial, manifest: Manifest, *, aloud: bool) -> None:
    start = start_from(module, initial, manifest.encoding)
    if aloud:
        print(f"weights from {initial.name} ({initial.sha256[:12]}): {start}", file=sys.stderr)


def _record(run: RunConfig, manifest: Manifest, fitted: Fitted, hardware: Hardware) -> dict[str, Any]:
    history = fitted.history
    return {
        "experiment": run.experiment,
        "seed": run.seed,
        "dataset": manifest.dataset,
        "dataset_digest": manifest.digest,
        "network": run.model.name,
        "train_examples": fitted.examples,
        "epochs": len(history.entries),
        "steps": fitted.steps,
        "best_epoch": history.best["epoch"],
        "best_validation_loss": history.best[MONITORED],
        "wall_s": history.seconds,
        "cpu_s": history.cpu_seconds,
        "examples_per_s": history.examples_per_second,
        "device": hardware.name,
        "devices": hardware.world_size,
        "nodes": hardware.nodes,
        "precision": hardware.precision,
        "history": history.entries,
    }


def _write_outputs(output: Path, run: RunConfig, state: State, tracked: Run, record: dict[str, Any]) -> None:
    target = output / CHECKPOINT
    remove_parts(output)
    write_config(output / "config.yaml", run)
    with atomic_path(target) as aside:
        shutil.copyfile(state.best, aside)
    write_json(output / "train.json", record)
    if "privacy" in record:
        tracked.tags({f"privacy.{name}": value for name, value in record["privacy"].items()})
        tracked.metrics({"privacy.epsilon": record["privacy"]["epsilon"]}, record["steps"])
    tracked.file(target, MODEL_FOLDER)
    tracked.file(output / "train.json")
    print(
        f"trained {run.experiment}, seed {run.seed}: {record['epochs']} epochs in {record['wall_s']:.0f} s, "
        f"best validation loss {record['best_validation_loss']:.5f} in epoch {record['best_epoch']}; "
        f"wrote {target}",
        file=sys.stderr,
    )


@contextmanager
def _state(root: Path, run: RunConfig, dataset_digest: str, ranks: Ranks) -> Iterator[State]:
    """Open the state; ranks other than the first only look at it."""
    if not ranks.is_main:
        yield State(state_folder(root, run, dataset_digest))
        return
    with open_state(root, run, dataset_digest) as state:
        yield state


@contextmanager
def _tracked(
    run: RunConfig,
    places: Places,
    state: State,
    manifest: Manifest,
    hardware: Hardware,
    initial: Initial | None,
    teachers: tuple[Initial, ...],
    further: Mapping[str, Any],
) -> Iterator[Run]:
    """Open the tracked run and record what it starts from."""
    tags = {
        **further,
        "experiment": run.experiment,
        "seed": run.seed,
        "attempt": state.attempt,
        STATE_TAG: state.key,
        "device": hardware.name,
        "devices": hardware.world_size,
        "nodes": hardware.nodes,
        "precision": hardware.precision,
    }
    if initial is not None:
        tags["init_from_sha256"] = initial.sha256
    if teachers:
        tags["teachers_sha256"] = " ".join(one.sha256 for one in teachers)
    name = f"{run.experiment} seed {run.seed}"
    run_id = state.run_id
    if run_id is None and state.attempt > 1:
        run_id = find_run(places.store, places.store_experiment, STATE_TAG, state.key)
    with open_run(places.store, places.store_experiment, name=name, run_id=run_id, tags=tags) as tracked:
        state.remember(tracked.run_id)
        log_setup(
            tracked,
            params=flatten(to_plain(run)),
            config=render(run),
            dataset=(manifest.dataset, manifest.path, manifest.digest),
            tags=tags,
            private=bool(manifest.context.get("privacy", {}).get("pseudonyms")),
        )
        yield tracked


def _check(stop: Stop, ranks: Ranks) -> None:
    """Stop if asked to; ranks other than the first stop with it."""
    if ranks.is_main:
        stop.check()

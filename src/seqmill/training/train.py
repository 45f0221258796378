"""Train one run from its configuration to its declared outputs."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
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
from seqmill.training.fit import Fitted, fit
from seqmill.training.hardware import Hardware, find_hardware, use_threads
from seqmill.training.history import MONITORED
from seqmill.training.initial import Initial, find_initial, start_from
from seqmill.training.module import build_module, check_application, class_counts
from seqmill.training.render import render, write_config
from seqmill.training.seeding import seed_at
from seqmill.training.state import State, open_state, state_folder
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
    """

    output: Path
    state: Path
    store: str
    store_experiment: str


def train(
    run: RunConfig,
    places: Places,
    *,
    threads: int = 1,
    devices: int | None = None,
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
        Threads of this process.
    devices : int, optional
        GPUs or CPU processes; all visible GPUs, else one process.
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
            return train(run, places, threads=threads, devices=devices, stop=stop, tags=tags)
    with stop.at_once() if _is_main() else nullcontext():
        manifest = Manifest.load(run.dataset.manifest, verify="digests" if _is_main() else "sizes")
    check_application(run, manifest)
    hardware = find_hardware(run.trainer.precision, devices)
    use_threads(threads)
    initial = find_initial(run.init_from, places.store)
    identity = digest_json([manifest.digest, initial.sha256]) if initial else manifest.digest
    with _state(places.state, run, identity) as state:
        _check(stop)
        with _tracked(run, places, state, manifest, hardware, initial, tags or {}) as tracked:
            _check(stop)
            record = _train(
                run,
                places.output,
                manifest,
                state,
                tracked,
                initial=initial,
                hardware=hardware,
                threads=threads,
                stop=stop,
            )
        if _is_main():
            state.remove()
    return record


def _train(
    run: RunConfig,
    output: Path,
    manifest: Manifest,
    state: State,
    tracked: Run | None,
    *,
    initial: Initial | None,
    hardware: Hardware,
    threads: int,
    stop: Stop,
) -> dict[str, Any]:
    application = check_application(run, manifest)
    counts = class_counts(application, manifest)
    seed_at(run.seed)
    module = build_module(run, manifest.encoding, counts)
    if initial is not None:
        _start_from(module, initial, manifest)
    facts = checkpoint.describe(
        run,
        manifest.encoding,
        label_counts=counts,
        dataset_digest=manifest.digest,
        run_id=tracked.run_id if tracked else "",
        parents=[manifest.origin, *([initial.origin] if initial else [])],
        threads=threads,
        device=checkpoint.device_of(hardware),
    )

    def keep_best() -> None:
        if _is_main():
            checkpoint.save(state.best, module, facts)

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
            tracked=tracked,
        )
    record = _record(run, manifest, fitted, module, hardware) | {
        "run_id": facts["run_id"],
        "attempts": state.attempt,
    }
    if tracked is not None:
        _write_outputs(output, run, state, tracked, record)
    return record


def _start_from(module: pl.LightningModule, initial: Initial, manifest: Manifest) -> None:
    drawn = start_from(module, initial, manifest.encoding)
    if _is_main():
        left = f"; drawn anew: {', '.join(drawn)}" if drawn else ""
        print(f"weights from {initial.name} ({initial.sha256[:12]}){left}", file=sys.stderr)


def _record(
    run: RunConfig, manifest: Manifest, fitted: Fitted, module: pl.LightningModule, hardware: Hardware
) -> dict[str, Any]:
    history = fitted.history
    return {
        "experiment": run.experiment,
        "seed": run.seed,
        "dataset": manifest.dataset,
        "dataset_digest": manifest.digest,
        "network": run.model.name,
        "epochs": len(history.entries),
        "steps": fitted.steps,
        "best_epoch": history.best["epoch"],
        "best_validation_loss": history.best[MONITORED],
        "wall_s": history.seconds,
        "examples_per_s": history.examples_per_second,
        "parameters": sum(parameter.numel() for parameter in module.parameters()),
        "device": hardware.name,
        "devices": hardware.devices,
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
    tracked.file(target, MODEL_FOLDER)
    tracked.file(output / "train.json")
    print(
        f"trained {run.experiment}, seed {run.seed}: {record['epochs']} epochs in {record['wall_s']:.0f} s, "
        f"best validation loss {record['best_validation_loss']:.5f} in epoch {record['best_epoch']}; "
        f"wrote {target}",
        file=sys.stderr,
    )


@contextmanager
def _state(root: Path, run: RunConfig, dataset_digest: str) -> Iterator[State]:
    """Open the state; ranks other than the first only look at it."""
    if not _is_main():
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
    further: Mapping[str, Any],
) -> Iterator[Run | None]:
    """Open the tracked run and record what it starts from; only the first rank does."""
    if not _is_main():
        yield None
        return
    tags = {
        **further,
        "experiment": run.experiment,
        "seed": run.seed,
        "attempt": state.attempt,
        STATE_TAG: state.key,
        "device": hardware.name,
        "devices": hardware.devices,
        "precision": hardware.precision,
    }
    if initial is not None:
        tags["init_from_sha256"] = initial.sha256
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
        )
        yield tracked


def _check(stop: Stop) -> None:
    """Stop if asked to; ranks other than the first stop with it, in the midst of training."""
    if _is_main():
        stop.check()


def _is_main() -> bool:
    """Say whether this is the process that the user started; Lightning marks the others."""
    return os.environ.get("LOCAL_RANK", "0") == "0"

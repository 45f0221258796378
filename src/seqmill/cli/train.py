"""``seqmill train``: one run, from a configuration to a checkpoint."""

import os
import sys
from pathlib import Path

import click


@click.command("train")
@click.argument("overrides", nargs=-1)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="A file that seqmill compose wrote, in place of the groups.",
)
@click.option(
    "--config-dir",
    type=click.Path(path_type=Path),
    default=Path("config/hydra"),
    show_default=True,
    help="Folder of the configuration groups.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Folder for checkpoint, config and record [default: runs/EXPERIMENT/seed-SEED beside the dataset].",
)
@click.option(
    "--state-dir",
    type=click.Path(path_type=Path),
    help="Folder of resumable states [default: state beside the dataset].",
)
@click.option(
    "--tracking-uri",
    envvar="MLFLOW_TRACKING_URI",
    help="sqlite:///PATH or a server's address [default: mlflow.db beside the dataset, made if missing].",
)
@click.option(
    "--tracking-experiment", default="seqmill", show_default=True, help="Experiment of the tracking store."
)
@click.option(
    "--threads", type=click.IntRange(1), help="Threads to compute with [default: the processors allotted]."
)
@click.option(
    "--devices",
    type=click.IntRange(1),
    help="GPUs or CPU processes of each node [default: srun's tasks, else all GPUs, or one].",
)
@click.option(
    "--nodes",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Machines; more than one are started with srun.",
)
@click.option(
    "--scratch", help="Folder on the node's own disk to copy the shards to while training [default: none]."
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    help="Minutes that the job has; stops and saves a tenth before their end, five at most.",
)
def command(
    overrides: tuple[str, ...],
    config: Path | None,
    config_dir: Path,
    output: Path | None,
    state_dir: Path | None,
    tracking_uri: str | None,
    tracking_experiment: str,
    threads: int | None,
    devices: int | None,
    nodes: int,
    scratch: str | None,
    time_limit: float | None,
) -> None:
    """Train one run; stops and resumes without losing anything.

    OVERRIDES choose groups and set values; the manifest and the seed have to be given.

    \b
    Example:
      seqmill train experiment=pileup_cnn seed=1 trainer.epochs=5 \\
        dataset.manifest=results/demo/dataset/manifest.json

    \b
    Exit codes:
      0   complete: all outputs are written
      75  stopped by a signal (TERM, INT, HUP) or at the time limit
      2   a mistake in the input, named before anything is computed
      1   failed, for instance because the disk is full

    After 75, 1 or a kill without warning the same command goes on from the saved state, in the same tracked
    run, and ends with the same weights.
    """  # noqa: D301
    from seqmill.cli.pipe import outlive_reader
    from seqmill.stopping import Stop, deadline_of_job

    stop = Stop(None if time_limit is None else deadline_of_job(time_limit))
    stop.listen()
    outlive_reader()

    from seqmill.training.ranks import find_ranks, together

    ranks = find_ranks(nodes, devices)

    def check() -> None:
        if ranks.is_main:
            stop.check()

    if devices is not None and not ranks.by_srun:
        from seqmill.training.gpus import assign_gpus

        assign_gpus(devices, check=stop.check)

    with together(ranks) as ready:
        from seqmill.training.compose import compose

        run = compose(overrides, config_dir, base=config)
        check()

        from seqmill.shards.manifest import Manifest

        Manifest.load(run.dataset.manifest)  # a wrong dataset leaves no store behind
        check()

        from seqmill.tracking.store import init_store

        check()

        from seqmill.training.allotment import allotted_threads
        from seqmill.training.train import Places, train

        check()
        home = Path(run.dataset.manifest).absolute().parent.parent
        if tracking_uri is None:
            tracking_uri = f"sqlite:///{home / 'mlflow.db'}"
            if ranks.is_main:
                init_store(tracking_uri, tracking_experiment)
        places = Places(
            output=output or home / "runs" / run.experiment / f"seed-{run.seed}",
            state=state_dir or home / "state",
            store=tracking_uri,
            store_experiment=tracking_experiment,
            scratch=Path(scratch) if scratch else None,
        )
        threads = threads or allotted_threads()
        train(run, places, threads=threads, ranks=ranks, ready=ready, stop=stop)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # the state is dropped: a kill while the interpreter takes itself down would start all over

"""``seqmill tracking``: create the store once; look after it; register the best model."""

import sys
from pathlib import Path

import click

from seqmill.cli.several import SeveralCommand


@click.group("tracking")
def command() -> None:
    """Create the tracking store; look after it; register the best model."""


@command.command("init")
@click.option("--tracking-uri", "uri", required=True, help="sqlite:///PATH, or the address of a server.")
@click.option("--experiment", required=True, help="Experiment of the store that runs go into.")
@click.option(
    "--artifact-root",
    "artifacts",
    type=click.Path(path_type=Path),
    help="Folder of logged files [default: beside the store].",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write uri and experiment id here as JSON.")
def init(uri: str, experiment: str, artifacts: Path | None, output: Path | None) -> None:
    """Create the store and its experiment, unless they exist.

    \b
    Example:
      seqmill tracking init --tracking-uri sqlite:///results/demo/mlflow.db --experiment demo
    """  # noqa: D301
    from seqmill.files import write_json
    from seqmill.tracking.store import init_store

    identity = init_store(uri, experiment, artifacts)
    if output is not None:
        write_json(output, {"uri": uri, "experiment": experiment, "experiment_id": identity})
    click.echo(f"{uri}: experiment {experiment} is ready", err=True)


@command.command("register", cls=SeveralCommand)
@click.option("--tracking-uri", "uri", required=True, help="Address of the store.")
@click.option("--name", required=True, help="Name to register under.")
@click.option(
    "--run",
    "runs",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    help="Folder of a run; the option takes several.",
)
@click.option(
    "--metric",
    default="validation_loss",
    show_default=True,
    help="validation_loss (lowest wins; the test has no say), or one of metrics.json (highest wins).",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write what was registered here as JSON.")
def register(uri: str, name: str, runs: tuple[Path, ...], metric: str, output: Path | None) -> None:
    """Register the best run's checkpoint under the alias champion.

    \b
    Example:
      seqmill tracking register --tracking-uri sqlite:///results/demo/mlflow.db --name demo \\
        --run results/demo/runs/pileup_cnn/seed-1 results/demo/runs/pileup_gru/seed-1
    """  # noqa: D301
    from seqmill.files import write_json
    from seqmill.tracking.registry import register_best

    made = register_best(uri, list(runs), name=name, metric=metric)
    if output is not None:
        write_json(output, made)
    click.echo(
        f"registered {made['run']} as models:/{name}@{made['alias']} (version {made['version']}, "
        f"{metric} {made['value']:.5g})",
        err=True,
    )


@command.command("ui")
@click.argument("results", type=click.Path(path_type=Path), default=Path("results/demo"))
@click.option(
    "--port", type=click.IntRange(1, 65535), default=5000, show_default=True, help="First port to try."
)
def ui(results: Path, port: int) -> None:
    """Show the runs of a results folder in the browser, until Ctrl-C.

    Nobody but this machine can see the pages. Logged files are found again when the folder was moved.

    \b
    Example:
      seqmill tracking ui results/demo
    """  # noqa: D301
    import os

    from seqmill.tracking.ui import find_store, free_port, page, ui_command

    uri = find_store(results)
    if uri.startswith("http"):
        click.echo(f"the runs of {results} are on a server: {uri}")
        return
    port = free_port(port)
    called = ui_command(uri, python=sys.executable, port=port)
    click.echo(f"runs of {results}: {page(uri, port)} (ready in some seconds; Ctrl-C ends it)")
    sys.stdout.flush()
    os.execve(called[0], called, {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"} | os.environ)


@command.command("relocate")
@click.option("--tracking-uri", "uri", required=True, help="sqlite:///PATH of a store that was moved.")
def relocate(uri: str) -> None:
    """Find logged files again after a results folder was moved or copied.

    Every verb that opens the store does so by itself; this is for those who go on with MLflow alone.

    \b
    Example:
      seqmill tracking relocate --tracking-uri sqlite:///archive/demo/mlflow.db
    """  # noqa: D301
    from seqmill.tracking.store import connect

    connect(uri)
    click.echo(f"{uri}: logged files are in place", err=True)


@command.command("merge", cls=SeveralCommand)
@click.option(
    "--tracking-uri", "uri", required=True, help="Common store: SQLite, or the database of a server."
)
@click.option(
    "--store",
    "stores",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    help="SQLite file that a run wrote alone; the option takes several.",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write which runs were copied here as JSON.")
def merge(uri: str, stores: tuple[Path, ...], output: Path | None) -> None:
    """Copy runs from stores of their own into a common one, under their ids.

    A second time, only what has changed since is copied.

    \b
    Example:
      seqmill tracking merge --tracking-uri sqlite:///results/demo/mlflow.db \\
        --store results/demo/runs/*/*/tracking/mlflow.db
    """  # noqa: D301
    from seqmill.files import write_json
    from seqmill.tracking.merge import merge as merge_stores

    done = merge_stores(stores, uri)
    if output is not None:
        write_json(output, {"uri": uri, "runs": done})
    copied = sum(entry["copied"] for entry in done)
    click.echo(f"{uri}: {copied} runs copied, {len(done) - copied} were there as they are", err=True)


@command.command("tidy", cls=SeveralCommand)
@click.option(
    "--tracking-uri",
    "uris",
    multiple=True,
    required=True,
    help="Address of a store, or several.",
)
@click.option(
    "--state-dir",
    "states",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder of resumable states, which tell who is alive.",
)
@click.option(
    "--idle-only", is_flag=True, help="Look only at runs whose state says that nobody trains them; faster."
)
def tidy(uris: tuple[str, ...], states: Path, idle_only: bool) -> None:
    """Set runs KILLED that were killed without being able to say so.

    These are runs whose state nobody holds, and runs without a state that have sent nothing for ten minutes.
    Training them again goes on with the same run.

    \b
    Example:
      seqmill tracking tidy --tracking-uri sqlite:///results/demo/mlflow.db --state-dir results/demo/state
    """  # noqa: D301
    from seqmill.training.state import held_runs, idle_runs

    idle, held = idle_runs(states), held_runs(states)
    if idle_only and not idle:
        return
    from seqmill.tracking.run import end_abandoned
    from seqmill.tracking.tidy import silent_runs

    for uri in uris:
        abandoned = idle if idle_only else [*idle, *silent_runs(uri, alive={*idle, *held})]
        ended = end_abandoned(uri, abandoned)
        click.echo(f"{uri}: {len(ended)} abandoned runs set to KILLED", err=True)

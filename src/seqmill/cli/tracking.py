"""``seqmill tracking``: create the store once; register the best model."""

from pathlib import Path

import click

from seqmill.cli.several import SeveralCommand


@click.group("tracking")
def command() -> None:
    """Create the tracking store; register the best model."""


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

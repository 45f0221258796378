"""``seqmill tracking``: create the store once; register the best model."""

from pathlib import Path

import click


@click.group("tracking")
def command() -> None:
    """Create the tracking store; register the best model."""


@command.command("init")
@click.option("--uri", required=True, help="sqlite:///PATH, or the address of a server.")
@click.option("--experiment", required=True, help="Experiment of the store that runs go into.")
@click.option(
    "--artifact-root",
    "artifacts",
    type=click.Path(path_type=Path),
    help="Folder of logged files [default: beside the store].",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write uri and experiment id here as JSON.")
def init(uri: str, experiment: str, artifacts: Path | None, output: Path | None) -> None:
    """Create the store and its experiment, unless they exist."""
    from seqmill.files import write_json
    from seqmill.tracking.store import init_store

    identity = init_store(uri, experiment, artifacts)
    if output is not None:
        write_json(output, {"uri": uri, "experiment": experiment, "experiment_id": identity})
    click.echo(f"{uri}: experiment {experiment} is ready", err=True)


@command.command("register")
@click.option("--tracking-uri", "uri", required=True, help="Address of the store.")
@click.option("--name", required=True, help="Name to register under.")
@click.option(
    "--run",
    "runs",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Folder of a run; give one for each.",
)
@click.option(
    "--metric",
    default="validation_loss",
    show_default=True,
    help="validation_loss (lowest wins; the test has no say), or one of metrics.json (highest wins).",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write what was registered here as JSON.")
@click.argument("more", nargs=-1, type=click.Path(path_type=Path))
def register(
    uri: str, name: str, runs: tuple[Path, ...], metric: str, output: Path | None, more: tuple[Path, ...]
) -> None:
    """Register the best run's checkpoint under the alias champion.

    Runs may also follow the first --run without repeating the option.
    """
    from seqmill.files import write_json
    from seqmill.tracking.registry import register_best

    made = register_best(uri, [*runs, *more], name=name, metric=metric)
    if output is not None:
        write_json(output, made)
    click.echo(
        f"registered {made['run']} as models:/{name}@{made['alias']} (version {made['version']}, "
        f"{metric} {made['value']:.5g})",
        err=True,
    )

"""``seqmill federated``: training over sites that keep their rows."""

from pathlib import Path

import click

_FILE = click.Path(path_type=Path)


@click.group("federated")
def command() -> None:
    """Train over sites that keep their rows: checkpoints travel, and nothing else."""


@command.command("start")
@click.argument("overrides", nargs=-1)
@click.option("--config", type=_FILE, required=True, help="A file that seqmill compose wrote.")
@click.option("--output", type=_FILE, required=True, help="The checkpoint to write.")
def start(overrides: tuple[str, ...], config: Path, output: Path) -> None:
    """Write what a site gives before the first round: first weights, and statistics of its features.

    \b
    Example, at each site:
      seqmill federated start --config net.yaml dataset.manifest=results/north/dataset/manifest.json \\
        seed=1 --output round-0/north/checkpoint.ckpt
    """  # noqa: D301
    from seqmill.training.compose import compose
    from seqmill.training.federated.site import write_start

    rows = write_start(compose(overrides, base=config), output)
    click.echo(f"wrote {output}: first weights, and statistics of {rows:,} training rows")


@command.command("average")
@click.argument("checkpoints", nargs=-1, required=True, type=_FILE)
@click.option("--output", type=_FILE, required=True, help="Folder to write to, like that of a run.")
@click.option("--experiment", default="", help="Name under which the average is compared.")
def average(checkpoints: tuple[Path, ...], output: Path, experiment: str) -> None:
    """Average one checkpoint of each site by their training rows.

    The next round begins with it: seqmill train init_from=FOLDER/checkpoint.ckpt at each site.

    \b
    Example:
      seqmill federated average round-1/*/checkpoint.ckpt --output round-1/average
    """  # noqa: D301
    from seqmill.training.federated.average import write_average

    record = write_average(checkpoints, output, experiment=experiment)
    click.echo(
        f"wrote {output}: the mean of {len(checkpoints)} sites, {record['train_examples']:,} training rows"
    )

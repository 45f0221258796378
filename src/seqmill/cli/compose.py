"""``seqmill compose``: the checked configuration of one experiment, as one file."""

from pathlib import Path

import click


@click.command("compose")
@click.argument("overrides", nargs=-1)
@click.option("--output", type=click.Path(path_type=Path), help="Write the file here; without it, print it.")
@click.option(
    "--config-dir",
    type=click.Path(path_type=Path),
    default=Path("config/hydra"),
    show_default=True,
    help="Folder of the configuration groups.",
)
@click.option("--name", help="Name of the experiment [default: that of the group's file].")
def command(overrides: tuple[str, ...], output: Path | None, config_dir: Path, name: str | None) -> None:
    """Compose and check the configuration of one experiment.

    OVERRIDES choose groups and set values. Seed and manifest may stay open; training asks for them. All
    mistakes are named at once.

    \b
    Example:
      seqmill compose experiment=pileup_cnn trainer.epochs=5 --output pileup_cnn.yaml
    """  # noqa: D301
    from dataclasses import replace

    from seqmill.training.compose import compose
    from seqmill.training.render import render, write_config

    run = compose(overrides, config_dir, open_keys=True)
    if name is not None:
        run = replace(run, experiment=name)
    if output is None:
        click.echo(render(run, open_keys=True), nl=False)
    else:
        write_config(output, run, open_keys=True)
        click.echo(f"wrote {output}", err=True)

"""``seqmill attribute``: which features of profiles a model rests on."""

from pathlib import Path

import click

from seqmill.cli.several import SeveralCommand

_FILE = click.Path(path_type=Path)


@click.command("attribute", cls=SeveralCommand)
@click.option(
    "--checkpoint",
    "checkpoints",
    type=_FILE,
    multiple=True,
    required=True,
    help="Model of one seed of an experiment; the option takes several.",
)
@click.option("--manifest", type=_FILE, required=True, help="Manifest of the dataset.")
@click.option("--split", default="test", show_default=True, help="Split whose persons are used.")
@click.option(
    "--top", type=click.IntRange(min=1), default=20, show_default=True, help="Features whose overlap is told."
)
@click.option(
    "--output-dir",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder of features.tsv, stability.tsv and attribution.json.",
)
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Threads to use.")
def command(
    checkpoints: tuple[Path, ...], manifest: Path, split: str, top: int, output_dir: Path, threads: int
) -> None:
    """Show which features of profiles a model rests on, and whether its seeds agree.

    Integrated gradients against the average person, averaged over the persons of a split. Nothing of a single
    person is written. For research alone; no medical advice.

    \b
    Example:
      seqmill attribute --checkpoint results/metabric/runs/survival/seed-*/checkpoint.ckpt \\
        --manifest results/metabric/dataset/manifest.json --output-dir results/metabric/attributions/survival
    """  # noqa: D301
    from seqmill.interpretation.profiles import attribute

    told = attribute(checkpoints, manifest, output_dir=output_dir, split=split, top=top, threads=threads)
    click.echo(f"{told['features']} features over {told['persons']} persons", err=True)
    for name, value in told["stability"].items():
        click.echo(f"{name:18s} {value:.3f}", err=True)
    click.echo(f"wrote {output_dir / 'features.tsv'}", err=True)

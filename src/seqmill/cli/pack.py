"""``seqmill pack``: make a genome and tables of regions of labelled sequences that have none."""

from pathlib import Path

import click


@click.command(name="pack")
@click.argument("plan", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write into."
)
def command(plan: Path, output: Path) -> None:
    """Pack the labelled sequences that PLAN (a YAML file) names into a genome and tables of regions.

    \b
    Example:
      seqmill pack config/real/expression/pack.yaml --output results/plants/raw
    """  # noqa: D301
    from seqmill.packing.pack import pack
    from seqmill.packing.plan import load_pack_plan

    report = pack(load_pack_plan(plan), output)
    for source in report["sources"]:
        click.echo(
            f"{source['path']}: {source['kept']:,} sequences for {source['sample']}, left out: "
            f"{source['repeated']:,} repeated, {source['other_letters']:,} with other letters"
        )
    contigs = ", ".join(f"{name} {count:,}" for name, count in report["contigs"].items())
    click.echo(f"distinct sequences on each contig: {contigs}")

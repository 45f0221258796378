"""``seqmill ancestry``: components of ancestry, relatives and families of a table of profiles."""

from pathlib import Path

import click

from seqmill.cli.several import SeveralCommand


@click.command(name="ancestry", cls=SeveralCommand)
@click.argument("index", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--block", default="dosage", show_default=True, help="Block of dosages.")
@click.option("--components", default=4, show_default=True, type=click.IntRange(1), help="How many.")
@click.option(
    "--kinship",
    default=0.0884,
    show_default=True,
    type=click.FloatRange(0, 0.5, min_open=True, max_open=True),
    help="Closer people are relatives; 0.0884 is the limit of the second degree.",
)
@click.option("--train", multiple=True, help="Folds that components are fitted to; all people unless given.")
@click.option("--validation", multiple=True, help="Folds that may hold no relative of another split.")
@click.option("--test", multiple=True, help="The same.")
@click.option(
    "--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write into."
)
def command(
    index: Path,
    block: str,
    components: int,
    kinship: float,
    train: tuple[str, ...],
    validation: tuple[str, ...],
    test: tuple[str, ...],
    output: Path,
) -> None:
    """Write components.tsv, relatives.tsv and families.tsv of the profiles of INDEX (profiles.json).

    Relatives in several splits are refused; the tables of relatives and families are written all the same.

    \b
    Example:
      seqmill ancestry results/cohort/raw/profiles.json --train family_2 family_3 family_4
        --test family_0 family_1 --output results/cohort/ancestry
    """  # noqa: D301
    from seqmill.profiles.ancestry import AncestryOptions, write_ancestry

    given = {"train": train, "validation": validation, "test": test}
    splits = {name: folds for name, folds in given.items() if folds}
    options = AncestryOptions(block=block, components=components, kinship=kinship, splits=splits)
    told = write_ancestry(index, options, output)
    click.echo(
        f"{told['people']:,} people at {told['sites']:,} sites: {told['pairs']:,} pairs of relatives, "
        f"{told['families']:,} families; components fitted to {told['fitted']:,}"
    )

"""``seqmill associate``: test which variants or genes go along with a trait."""

from pathlib import Path

import click

from seqmill.cli.several import SeveralCommand


@click.command(name="associate", cls=SeveralCommand)
@click.argument("index", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--sample", required=True, help="Sample whose rows are tested.")
@click.option("--label", required=True, help="The trait: a label of the rows.")
@click.option("--block", required=True, help="Features that are tested: dosages, burdens of genes, scores.")
@click.option("--covariates", multiple=True, help="Blocks that the trait is fitted on first.")
@click.option(
    "--components",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Components of ancestry to fit.",
)
@click.option("--ancestry", default="dosage", show_default=True, help="Block that components are made of.")
@click.option("--folds", multiple=True, help="Folds that are tested, such as person_3; all unless given.")
@click.option(
    "--model",
    default="auto",
    show_default=True,
    type=click.Choice(["auto", "linear", "logistic"]),
    help="By default logistic where the trait is 0 or 1.",
)
@click.option(
    "--minimum-carriers",
    default=10,
    show_default=True,
    type=click.IntRange(1),
    help="Fewest people who differ from the value of most.",
)
@click.option(
    "--permutations", default=0, show_default=True, type=click.IntRange(0), help="Deals of the residuals."
)
@click.option("--seed", default=1, show_default=True, help="Of the permutations.")
@click.option(
    "--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write into."
)
def command(
    index: Path,
    sample: str,
    label: str,
    block: str,
    covariates: tuple[str, ...],
    components: int,
    ancestry: str,
    folds: tuple[str, ...],
    model: str,
    minimum_carriers: int,
    permutations: int,
    seed: int,
    output: Path,
) -> None:
    """Test the features of a block of INDEX (profiles.json) one by one against a trait.

    Writes associations.tsv, associations.html and summary.json. For research only, no medical advice.

    \b
    Example:
      seqmill associate results/cohort/raw/profiles.json --sample cohort --label quantity --block dosage
        --covariates covariates --components 4 --permutations 1000 --output results/cohort/association
    """  # noqa: D301
    from seqmill.association.associate import Question, associate

    question = Question(
        sample=sample,
        label=label,
        block=block,
        covariates=covariates,
        components=components,
        ancestry=ancestry,
        folds=folds,
        model=model,
        minimum_carriers=minimum_carriers,
        permutations=permutations,
        seed=seed,
    )
    found = associate(index, question, output)
    rules = ", ".join(f"{name} {count:,}" for name, count in found["found"].items())
    click.echo(
        f"{label}: {found['tested']:,} of {found['features']:,} features tested in {found['people']:,} "
        f"people ({found['model']}), inflation {found['inflation']:.3f}, "
        f"p < 0.05 {found['nominal_share']:.1%}; "
        f"found at 5 %: {rules}"
    )

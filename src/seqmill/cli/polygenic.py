"""``seqmill polygenic``: compute a polygenic score of people from published weights."""

import math
from pathlib import Path

import click


@click.command(name="polygenic")
@click.argument("weights", type=click.Path(dir_okay=False))
@click.argument("genotypes", type=click.Path(dir_okay=False))
@click.option(
    "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Table to write (TSV)."
)
@click.option("--id", "column", default="person", show_default=True, help="Column of ids of a table.")
@click.option(
    "--minimum-match",
    default=0.75,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Lowest share of weights found.",
)
@click.option(
    "--ambiguous",
    default="infer",
    show_default=True,
    type=click.Choice(["infer", "keep", "drop"]),
    help="What becomes of A/T and C/G: as written unless another site is flipped, as written, left out.",
)
@click.option(
    "--missing",
    default="frequency",
    show_default=True,
    type=click.Choice(["frequency", "zero"]),
    help="What a missing genotype counts as.",
)
def command(
    weights: str,
    genotypes: str,
    output: Path,
    column: str,
    minimum_match: float,
    ambiguous: str,
    missing: str,
) -> None:
    """Sum WEIGHTS (a scoring file of the PGS Catalog) over GENOTYPES (VCF, BCF or a table of dosages).

    For research only: a score is no medical advice.

    \b
    Example:
      seqmill polygenic PGS001229.txt cohort.vcf.gz --output scores.tsv
    """  # noqa: D301
    from seqmill.files import write_json, write_tsv
    from seqmill.profiles.polygenic.options import ScoreOptions
    from seqmill.profiles.polygenic.score import polygenic_score

    options = ScoreOptions(weights=weights, minimum_match=minimum_match, ambiguous=ambiguous, missing=missing)
    scores = polygenic_score(genotypes, column, options, tell=lambda text: click.echo(f"{genotypes}: {text}"))
    rows = [
        (one, "" if math.isnan(value) else value, f"{called:.6g}")
        for one, value, called in zip(scores.ids, scores.values.tolist(), scores.called.tolist(), strict=True)
    ]
    write_tsv(output, [("person", "score", "called"), *rows])
    write_json(output.with_suffix(".report.json"), scores.report)
    click.echo(
        f"{output}: {scores.name} of {len(scores.ids):,} people, without {scores.report['without_score']:,}"
    )

"""``seqmill promote``: make a run the champion if it beats the present one."""

from pathlib import Path

import click


@click.command("promote")
@click.argument("run")
@click.option("--tracking-uri", envvar="MLFLOW_TRACKING_URI", required=True, help="Address of the store.")
@click.option("--name", help="Registered model [default: seqmill-DATASET].")
@click.option(
    "--metric",
    help="What decides, as in metrics.json: MEASURE.LEVEL.CELL [default: the leading measure over all items, "
    "such as f1.allele.overall].",
)
@click.option(
    "--level",
    type=click.FloatRange(0.5, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="Confidence of the interval that has to lie above zero.",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write the verdict here as JSON.")
def command(
    run: str, tracking_uri: str, name: str | None, metric: str | None, level: float, output: Path | None
) -> None:
    """Make a run the champion if it beats the present one on the same test items.

    RUN is the folder of a scored run, or its id in the store. The run becomes a version of the model in any
    case; the alias champion moves only when the paired bootstrap interval of the difference lies above zero.
    The first model of a name is its champion. Runs scored on different datasets are refused.

    \b
    Example:
      seqmill promote results/demo/runs/pileup_gru/seed-1 \\
        --tracking-uri sqlite:///results/demo/mlflow.db --output promoted.json
    """  # noqa: D301
    from seqmill.comparison.promote import promote
    from seqmill.files import write_json

    verdict = promote(run, tracking_uri, name=name, metric=metric, level=level)
    if output is not None:
        write_json(output, verdict)
    champion = verdict.get("champion")
    against = f" (champion: {champion['value']:.4f})" if champion else ""
    click.echo(f"{verdict['metric']} {verdict['value']:.4f}{against}: {verdict['reason']}", err=True)
    done = "is now" if verdict["promoted"] else "was registered, but is not"
    if not verdict["promoted"] and champion is None:
        done = "stays"
    click.echo(f"models:/{verdict['model']}/{verdict['version']} {done} the champion", err=True)

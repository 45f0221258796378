"""``seqmill simulate``: generate a reference, individuals and their reads from a plan."""

import click


@click.command(name="simulate")
@click.argument("plan", type=click.Path(dir_okay=False))
@click.option("--output", required=True, type=click.Path(file_okay=False), help="Folder to write into.")
@click.option(
    "--threads", default=1, show_default=True, type=click.IntRange(min=1), help="Samples at a time."
)
def command(plan: str, output: str, threads: int) -> None:
    """Generate the reference, individuals and reads that PLAN (a YAML file) describes.

    \b
    Example:
      seqmill simulate config/demo/simulate.yaml --output results/demo/raw --threads 2
    """  # noqa: D301
    from seqmill.simulate.build import simulate
    from seqmill.simulate.plan import load_plan

    simulate(load_plan(plan), output, threads=threads)

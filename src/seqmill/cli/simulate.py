"""``seqmill simulate``: generate a reference, individuals and their reads, or a cohort, from a plan."""

from pathlib import Path

import click


@click.command(name="simulate")
@click.argument("plan", type=click.Path(dir_okay=False))
@click.option("--output", required=True, type=click.Path(file_okay=False), help="Folder to write into.")
@click.option(
    "--threads", default=1, show_default=True, type=click.IntRange(min=1), help="Samples at a time."
)
def command(plan: str, output: str, threads: int) -> None:
    """Generate what PLAN (a YAML file) describes.

    This is a reference, individuals and their reads; or, where the plan has people, a cohort of them.

    \b
    Example:
      seqmill simulate config/demo/simulate.yaml --output results/demo/raw --threads 2
      seqmill simulate config/cohort/additive/simulate.yaml --output results/cohort_additive/raw/made
    """  # noqa: D301
    from seqmill.files import read_plan
    from seqmill.simulate.cohort.plan import is_cohort

    if is_cohort(read_plan(Path(plan))):
        return _cohort(plan, output)
    from seqmill.simulate.build import simulate
    from seqmill.simulate.plan import load_plan

    simulate(load_plan(plan), output, threads=threads)


def _cohort(plan: str, output: str) -> None:
    from seqmill.simulate.cohort.build import simulate_cohort
    from seqmill.simulate.cohort.plan import load_cohort_plan

    for trait, best in simulate_cohort(load_cohort_plan(plan), output).items():
        told = ", ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in best.items())
        click.echo(f"{trait}: best that can be reached: {told}")

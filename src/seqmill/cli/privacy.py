"""``seqmill privacy``: what private runs have spent of each cohort."""

from pathlib import Path

import click


@click.command("privacy")
@click.argument("results", nargs=-1, required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the table here too, separated by tabs.",
)
def command(results: tuple[Path, ...], output: Path | None) -> None:
    """Add up what private runs have spent of each cohort, over all folders of RESULTS.

    Sums of epsilon and delta hold whatever was run; 'epsilon' is the cost of all steps together at 'delta'.
    Each run counts once, those of sweeps and those that were replaced as well.

    \b
    Example:
      seqmill privacy results/*
    """  # noqa: D301
    from seqmill.files import atomic_path
    from seqmill.training.private.ledger import FOLDER, read_ledger, require, totals

    folders = [result / FOLDER for result in results]
    entries = read_ledger(folders)
    require(entries, folders)
    rows = totals(entries)
    lines = ["\t".join(rows[0])] + ["\t".join(_text(value) for value in row.values()) for row in rows]
    click.echo("\n".join(lines))
    if output is not None:
        with atomic_path(output) as aside:
            aside.write_text("\n".join(lines) + "\n")


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)

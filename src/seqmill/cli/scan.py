"""``seqmill scan``: look for identifiers in everything that was written."""

from pathlib import Path

import click


@click.command(name="scan")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--identifiers",
    "listed",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="List of identifiers, one on a line.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="What was done, JSON.")
def command(paths: tuple[Path, ...], listed: Path, output: Path | None) -> None:
    """Look for identifiers in PATHS, files or folders with all below them; found ones are an error.

    Packed and encoded files are opened: gzip, BAM, CRAM, BCF, Parquet, SQLite, zip, PNG, JSON; encrypted ones
    by the key in SEQMILL_KEY. Identifiers are named by their line in the list alone.

    \b
    Example:
      seqmill scan --identifiers identifiers.txt results/cohort
    """  # noqa: D301
    from seqmill.files import write_json
    from seqmill.privacy.identifiers import read_identifiers
    from seqmill.privacy.scan import refuse, scan

    identifiers = read_identifiers(listed)
    done = scan(paths, identifiers)
    refuse(done, identifiers)
    if output:
        write_json(output, {"files": done.files, "bytes": done.bytes, "identifiers": len(identifiers)})
    click.echo(f"none of {len(identifiers):,} identifiers in {done.files:,} files ({done.bytes:,} bytes)")

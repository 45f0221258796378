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
@click.option("--tracking-uri", help="Address of a tracking server whose runs are looked at too.")
@click.option("--experiment", help="Experiment of those runs.")
def command(
    paths: tuple[Path, ...],
    listed: Path,
    output: Path | None,
    tracking_uri: str | None,
    experiment: str | None,
) -> None:
    """Look for identifiers in PATHS, files or folders with all below them; found ones are an error.

    Packed and encoded files are opened: gzip, BAM, CRAM, BCF, Parquet, SQLite, zip, PNG, JSON; encrypted ones
    by the key in SEQMILL_KEY. Identifiers are named by their line in the list alone.

    \b
    Example:
      seqmill scan --identifiers identifiers.txt results/cohort
    """  # noqa: D301
    import tempfile

    from seqmill.files import write_json
    from seqmill.privacy.identifiers import read_identifiers
    from seqmill.privacy.scan import refuse, scan, with_texts

    if bool(tracking_uri) != bool(experiment):
        raise click.UsageError("give --tracking-uri and --experiment together")
    identifiers = read_identifiers(listed)
    with tempfile.TemporaryDirectory(prefix="seqmill-artifacts-") as folder:
        if tracking_uri and experiment:
            from seqmill.tracking.fields import fetch_artifacts, run_fields

            fetch_artifacts(tracking_uri, experiment, Path(folder))
            done = scan([*paths, Path(folder)], identifiers)
            done = with_texts(done, run_fields(tracking_uri, experiment), identifiers)
        else:
            done = scan(paths, identifiers)
    refuse(done, identifiers)
    if output:
        write_json(output, {"files": done.files, "bytes": done.bytes, "identifiers": len(identifiers)})
    click.echo(f"none of {len(identifiers):,} identifiers in {done.files:,} files ({done.bytes:,} bytes)")

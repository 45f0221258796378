"""``seqmill compare``: leaderboard, paired differences and report over runs of one dataset."""

import sys
from pathlib import Path

import click

from seqmill.cli.several import SeveralCommand


@click.command("compare", cls=SeveralCommand)
@click.option(
    "--run",
    "runs",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="Folder of a scored run of an experiment.",
)
@click.option(
    "--baseline",
    "baselines",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Folder of a scored baseline, or of a run that counts as one.",
)
@click.option(
    "--manifest",
    "manifest_file",
    required=True,
    type=click.Path(path_type=Path),
    help="Manifest of the dataset all of them were scored on; labels.json lies beside it.",
)
@click.option(
    "--read-report",
    "read_reports",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Read report of a sample.",
)
@click.option(
    "--output-dir",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of leaderboard.tsv, paired.tsv and report.html.",
)
@click.option("--git-commit", help="Commit to name in the report.")
def command(
    runs: tuple[Path, ...],
    baselines: tuple[Path, ...],
    manifest_file: Path,
    read_reports: tuple[Path, ...],
    output_dir: Path,
    git_commit: str | None,
) -> None:
    """Write the leaderboard, the paired differences and the report over runs of one dataset.

    Runs of different datasets are refused: their numbers cannot be compared.

    \b
    Example:
      seqmill compare --run results/demo/runs/*/seed-* --baseline results/demo/baselines/* \\
        --manifest results/demo/dataset/manifest.json \\
        --read-report results/demo/reads/*.report.json --output-dir results/demo
    """  # noqa: D301
    from seqmill.comparison.inputs import READ_REPORT
    from seqmill.comparison.leaderboard import write_leaderboard
    from seqmill.comparison.paired import compare, write_paired
    from seqmill.comparison.report import write_report
    from seqmill.comparison.runs import load_callers
    from seqmill.files import read_json
    from seqmill.progress import progress
    from seqmill.shards.manifest import Manifest

    manifest = Manifest.load(manifest_file)
    labels = read_json(manifest_file.parent / "labels.json", "classes", "counts", "rows")
    reports = [read_json(path, *READ_REPORT) for path in read_reports]
    callers = load_callers(runs, baselines, dataset_digest=manifest.digest)
    for caller in progress(callers, desc="resampling", unit="caller"):
        caller.resampled  # noqa: B018
    differences = compare(callers)
    write_leaderboard(output_dir / "leaderboard.tsv", callers)
    write_paired(output_dir / "paired.tsv", differences)
    write_report(
        output_dir / "report.html",
        callers=callers,
        differences=differences,
        manifest=manifest,
        labels=labels,
        read_reports=reports,
        command=["seqmill", *sys.argv[1:]],
        git_commit=git_commit,
    )
    click.echo(f"wrote {output_dir / 'report.html'}")

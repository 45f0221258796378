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
    help="Folder of leaderboard.tsv, paired.tsv, strata.tsv and report.html.",
)
@click.option(
    "--sweeps",
    "sweeps_file",
    type=click.Path(path_type=Path),
    help="JSON file of the sweeps whose trials are among the runs.",
)
@click.option(
    "--explanation",
    "explanations",
    multiple=True,
    type=click.Path(path_type=Path),
    help="explain.json of the registered model; its logos stand in the report, with a link to its page.",
)
@click.option(
    "--tracking-uri",
    help="Store of the runs: tells code, packages, memory and energy, and gets the results.",
)
@click.option(
    "--intersection",
    is_flag=True,
    help="Compare runs of different datasets on the items that all of them have.",
)
@click.option("--git-commit", help="Commit to name in the report.")
def command(
    runs: tuple[Path, ...],
    baselines: tuple[Path, ...],
    manifest_file: Path,
    read_reports: tuple[Path, ...],
    output_dir: Path,
    sweeps_file: Path | None,
    explanations: tuple[Path, ...],
    tracking_uri: str | None,
    intersection: bool,
    git_commit: str | None,
) -> None:
    """Write the leaderboard, the paired differences and the report over runs of one dataset.

    Runs of different datasets are refused, and what differs is said; with --intersection they are compared on
    the items that all of the datasets have.

    \b
    Example:
      seqmill compare --run results/demo/runs/*/seed-* --baseline results/demo/baselines/* \\
        --manifest results/demo/dataset/manifest.json \\
        --read-report results/demo/reads/*.report.json --output-dir results/demo
    """  # noqa: D301
    from seqmill.comparison.attach import attach
    from seqmill.comparison.compared import Compared
    from seqmill.comparison.inputs import READ_REPORT
    from seqmill.comparison.leaderboard import write_leaderboard
    from seqmill.comparison.mixed import load
    from seqmill.comparison.paired import compare, write_paired
    from seqmill.comparison.report import write_report
    from seqmill.comparison.strata import compare_strata, write_strata
    from seqmill.comparison.sweeps import sweeps_of
    from seqmill.comparison.tracked import read_tracked
    from seqmill.files import read_json
    from seqmill.progress import progress
    from seqmill.shards.manifest import Manifest

    manifest = Manifest.load(manifest_file)
    labels = read_json(manifest_file.parent / "labels.json", "classes", "counts", "rows")
    reports = [read_json(path, *READ_REPORT) for path in read_reports]
    declared = read_json(sweeps_file) if sweeps_file else {}
    callers, mixed = load(runs, baselines, manifest, intersection=intersection)
    if mixed:
        click.echo(f"compared on {mixed.common.items:,} items in common", err=True)
    tracked = {}
    if tracking_uri:
        tracked = read_tracked(tracking_uri, [run for caller in callers for run in caller.runs])
    for caller in progress(callers, desc="resampling", unit="caller"):
        caller.resampled  # noqa: B018
    trials = {trial for sweep in declared.values() for trial in sweep["trials"]}
    shown = [caller for caller in callers if caller.name not in trials] or callers
    compared = Compared(
        callers=shown,
        differences=compare(shown),
        strata=compare_strata(shown),
        tracked=tracked,
        sweeps=sweeps_of(callers, declared),
        mixed=mixed,
    )
    tables = [output_dir / name for name in ("leaderboard.tsv", "paired.tsv", "strata.tsv")]
    write_leaderboard(tables[0], callers)
    write_paired(tables[1], compared.differences)
    write_strata(tables[2], compared.strata)
    report = output_dir / "report.html"
    write_report(
        report,
        compared=compared,
        manifest=manifest,
        labels=labels,
        read_reports=reports,
        command=["seqmill", *sys.argv[1:]],
        explanations=explanations,
        git_commit=git_commit,
    )
    click.echo(f"wrote {report}")
    if tracking_uri:
        attached = attach(tracking_uri, callers, [*tables, report], dataset=manifest.dataset)
        click.echo(f"attached to run {attached}" if attached else f"{tracking_uri}: holds none of the runs")

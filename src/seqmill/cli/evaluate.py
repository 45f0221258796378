"""``seqmill evaluate``: score a run, an ensemble of runs or a baseline on the test split."""

from pathlib import Path

import click

from seqmill.cli.several import SeveralCommand

_FILE = click.Path(path_type=Path)


@click.command("evaluate", cls=SeveralCommand)
@click.option("--run", type=_FILE, help="Folder of a trained run; results are written beside its checkpoint.")
@click.option(
    "--member",
    "members",
    type=_FILE,
    multiple=True,
    help="Folder of a scored run that is averaged with others; the option takes several.",
)
@click.option("--name", default="", help="What an ensemble is called; one of several experiments needs it.")
@click.option("--baseline", help="Name of a baseline of the application, such as bcftools.")
@click.option("--manifest", type=_FILE, required=True, help="Manifest of the dataset.")
@click.option("--plan", type=_FILE, required=True, help="Dataset plan (JSON) that the workflow wrote.")
@click.option(
    "--alignments",
    multiple=True,
    metavar="SAMPLE=FILE",
    help="Staged alignments of a validation or test sample; for a baseline, once for each sample.",
)
@click.option("--output-dir", type=_FILE, help="Folder for the results of an ensemble or a baseline.")
@click.option("--tracking-uri", help="Tracking store whose run gets the scores of --run too.")
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Threads to use.")
def command(
    run: Path | None,
    members: tuple[Path, ...],
    name: str,
    baseline: str | None,
    manifest: Path,
    plan: Path,
    alignments: tuple[str, ...],
    output_dir: Path | None,
    tracking_uri: str | None,
    threads: int,
) -> None:
    """Score a run, an ensemble of runs, or a baseline, on the test split.

    Temperature and thresholds are chosen on the validation split, for every caller alike. A run gets
    metrics.json, curves.json, items.parquet, predictions.parquet, calibration.json and its calls as VCF; so
    does an ensemble, which averages the probabilities of an experiment's seeds, or of several experiments
    under a name.

    \b
    Examples:
      seqmill evaluate --run results/demo/runs/pileup_cnn/seed-1 \\
        --manifest results/demo/dataset/manifest.json --plan results/demo/plans/scoring.json
      seqmill evaluate --member results/demo/runs/pileup_cnn/seed-* \\
        --manifest results/demo/dataset/manifest.json --plan results/demo/plans/scoring.json \\
        --output-dir results/demo/ensembles/pileup_cnn
      seqmill evaluate --baseline bcftools --manifest results/demo/dataset/manifest.json \\
        --plan results/demo/plans/scoring.json --alignments dee=results/demo/reads/dee.bam \\
        --alignments eve=results/demo/reads/eve.bam --output-dir results/demo/baselines/bcftools
    """  # noqa: D301
    if sum((run is not None, bool(members), baseline is not None)) != 1:
        raise click.UsageError("give one of --run, --member and --baseline")
    if name and not members:
        raise click.UsageError("--name belongs to --member")
    if run is None and output_dir is None:
        raise click.UsageError(f"{'--member' if members else '--baseline'} needs --output-dir")
    from seqmill.evaluation.dataset import Dataset

    dataset = Dataset.open(plan, manifest)
    if run is not None:
        from seqmill.evaluation.run import evaluate_run

        written = evaluate_run(run, dataset, threads=threads, tracking_uri=tracking_uri)
    elif members:
        assert output_dir is not None
        from seqmill.evaluation.ensemble import evaluate_ensemble

        written = evaluate_ensemble(members, dataset, output=output_dir, name=name, threads=threads)
    else:
        assert baseline is not None and output_dir is not None
        from seqmill.evaluation.baseline import evaluate_baseline

        written = evaluate_baseline(
            baseline, dataset, alignments=_by_sample(alignments), output=output_dir, threads=threads
        )
    for row in written["metrics"]:
        if row["primary"]:
            click.echo(
                f"{row['metric']:40s} {row['value']:.4f}  [{row['low']:.4f}, {row['high']:.4f}]", err=True
            )


def _by_sample(given: tuple[str, ...]) -> dict[str, Path]:
    pairs = [entry.partition("=") for entry in given]
    for entry, (sample, _, path) in zip(given, pairs, strict=True):
        if not sample or not path:
            raise click.UsageError(f"--alignments '{entry}': want SAMPLE=FILE")
    return {sample: Path(path) for sample, _, path in pairs}

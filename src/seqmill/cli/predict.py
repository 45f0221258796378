"""``seqmill predict``: call a new sample with a trained model."""

from pathlib import Path

import click

_FILE = click.Path(path_type=Path)


@click.command("predict")
@click.option("--model", required=True, help="Checkpoint file, or models:/NAME@champion of a tracking store.")
@click.option("--reads", type=_FILE, required=True, help="Aligned reads: sorted BAM or CRAM.")
@click.option("--reference", type=_FILE, required=True, help="FASTA that the reads were aligned to.")
@click.option("--output", type=_FILE, required=True, help="File to write, such as calls.vcf.gz.")
@click.option("--regions", type=_FILE, help="BED of the regions to call; the whole reference by default.")
@click.option(
    "--gvcf", is_flag=True, help="Also tell positions like the reference from those with too few reads."
)
@click.option("--sample", help="Name of the sample; that of the read group by default.")
@click.option("--tracking-uri", help="Tracking store of a models:/ address; MLFLOW_TRACKING_URI by default.")
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Threads to use.")
def command(
    model: str,
    reads: Path,
    reference: Path,
    output: Path,
    regions: Path | None,
    gvcf: bool,
    sample: str | None,
    tracking_uri: str | None,
    threads: int,
) -> None:
    """Call a new sample with a trained model.

    The model brings its encoding, temperature and thresholds. Reads stream through; no shards are written.

    \b
    Example:
      seqmill predict --model results/demo/runs/pileup_cnn/seed-1/checkpoint.ckpt \\
        --reads eve.bam --reference reference.fa --output eve.vcf.gz --gvcf
    """  # noqa: D301
    from seqmill.evaluation.predict import predict_sample

    checkpoint = Path(model)
    if model.startswith("models:/"):
        from seqmill.tracking.registry import resolve_model

        checkpoint = resolve_model(model, uri=tracking_uri)
    predict_sample(
        checkpoint,
        reads=reads,
        reference=reference,
        output=output,
        regions=regions,
        all_positions=gvcf,
        sample=sample,
        threads=threads,
    )
    click.echo(f"wrote {output}", err=True)

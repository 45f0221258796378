"""``seqmill predict``: call a new sample, or predict a genome from its sequence, with a trained model."""

from pathlib import Path

import click

from seqmill.cli.several import SeveralCommand

_FILE = click.Path(path_type=Path)


@click.command("predict", cls=SeveralCommand)
@click.option("--model", required=True, help="Checkpoint file, or models:/NAME@champion of a tracking store.")
@click.option("--reads", type=_FILE, help="Aligned reads: sorted BAM or CRAM; for models that need them.")
@click.option(
    "--reference", type=_FILE, required=True, help="FASTA to predict, or that the reads were aligned to."
)
@click.option("--output", type=_FILE, required=True, help="File to write, such as calls.vcf.gz or ends.bw.")
@click.option(
    "--regions",
    type=_FILE,
    help="BED of the regions to predict, or the annotation of their genes; the whole reference by default.",
)
@click.option(
    "--contig",
    "contigs",
    multiple=True,
    help="Contig to predict from sequence; all by default. The option takes several.",
)
@click.option(
    "--gvcf", is_flag=True, help="Also tell positions like the reference from those with too few reads."
)
@click.option("--sample", help="Name of the sample; that of the read group by default.")
@click.option("--tracking-uri", help="Tracking store of a models:/ address; MLFLOW_TRACKING_URI by default.")
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Threads to use.")
def command(
    model: str,
    reads: Path | None,
    reference: Path,
    output: Path,
    regions: Path | None,
    contigs: tuple[str, ...],
    gvcf: bool,
    sample: str | None,
    tracking_uri: str | None,
    threads: int,
) -> None:
    """Call a new sample with a trained model, or predict from sequence alone.

    The model brings its encoding, temperature and thresholds. Reads stream through; no shards are written.
    Without --reads the model predicts the reference itself.

    \b
    Examples:
      seqmill predict --model results/demo/runs/pileup_cnn/seed-1/checkpoint.ckpt \\
        --reads eve.bam --reference reference.fa --output eve.vcf.gz --gvcf
      seqmill predict --model results/atac/runs/atac_cnn/seed-1/checkpoint.ckpt \\
        --reference genome.fa --contig chrIV chrXVI --output ends.bw
    """  # noqa: D301
    from seqmill.evaluation.predict import predict_sample, predict_sequence

    if reads is None and (gvcf or sample):
        raise click.UsageError("--gvcf and --sample need --reads")
    if reads is not None and contigs:
        raise click.UsageError("--contig is for predictions from sequence; give --regions with --reads")
    checkpoint = Path(model)
    if model.startswith("models:/"):
        from seqmill.tracking.registry import resolve_model

        checkpoint = resolve_model(model, uri=tracking_uri)
    if reads is None:
        written = predict_sequence(
            checkpoint, reference=reference, output=output, contigs=contigs, regions=regions, threads=threads
        )
        click.echo(f"wrote {', '.join(map(str, written))}", err=True)
        return
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

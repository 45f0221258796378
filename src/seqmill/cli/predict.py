"""``seqmill predict``: call a new sample, or predict a genome or profiles, with a trained model."""

from pathlib import Path

import click

from seqmill.cli.checkpoints import checkpoint_of
from seqmill.cli.several import SeveralCommand

_FILE = click.Path(path_type=Path)


@click.command("predict", cls=SeveralCommand)
@click.option(
    "--model",
    "models",
    required=True,
    multiple=True,
    help="Checkpoint file, or models:/NAME@champion of a tracking store; of profiles also several seeds.",
)
@click.option("--reads", type=_FILE, help="Aligned reads: sorted BAM or CRAM; for models that need them.")
@click.option("--reference", type=_FILE, help="FASTA to predict, or that the reads were aligned to.")
@click.option("--profiles", type=_FILE, help="New profiles: a table of seqmill profiles, or a plan of one.")
@click.option("--molecules", type=_FILE, help="Molecules, likewise; those of training unless given.")
@click.option("--manifest", type=_FILE, help="Manifest of the dataset that a model of profiles learnt from.")
@click.option(
    "--intervals", type=_FILE, help="conformal.json of an ensemble; that of a single run by default."
)
@click.option(
    "--output", type=_FILE, required=True, help="File to write, such as calls.vcf.gz, ends.bw, or a table."
)
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
    models: tuple[str, ...],
    reads: Path | None,
    reference: Path | None,
    profiles: Path | None,
    molecules: Path | None,
    manifest: Path | None,
    intervals: Path | None,
    output: Path,
    regions: Path | None,
    contigs: tuple[str, ...],
    gvcf: bool,
    sample: str | None,
    tracking_uri: str | None,
    threads: int,
) -> None:
    """Call a new sample with a trained model, predict from sequence alone, or predict new profiles.

    The model brings its encoding, temperature and thresholds. Reads stream through; no shards are written.
    Without --reads the model predicts the reference itself. With --manifest it predicts profiles, molecules
    or pairs of both: a table with spread over seeds, conformal intervals, and whether a row is like those
    that the model has learnt from.

    \b
    Examples:
      seqmill predict --model results/demo/runs/pileup_cnn/seed-1/checkpoint.ckpt \\
        --reads eve.bam --reference reference.fa --output eve.vcf.gz --gvcf
      seqmill predict --model results/atac/runs/atac_cnn/seed-1/checkpoint.ckpt \\
        --reference genome.fa --contig chrIV chrXVI --output ends.bw
      seqmill predict --model results/tgsa_cells/runs/drug_response/seed-* --profiles patients.yaml \\
        --manifest results/tgsa_cells/dataset/manifest.json --output responses.tsv
    """  # noqa: D301
    checkpoints = [checkpoint_of(model, uri=tracking_uri) for model in models]
    if manifest is not None:
        if reads is not None or reference is not None or regions is not None or contigs:
            raise click.UsageError("--manifest is for profiles, which have no reads, reference or regions")
        from seqmill.evaluation.predict_rows import predict_rows

        predict_rows(
            checkpoints,
            manifest=manifest,
            output=output,
            profiles=profiles,
            molecules=molecules,
            intervals=intervals,
        )
        click.echo(f"wrote {output}", err=True)
        return
    if profiles is not None or molecules is not None or intervals is not None:
        raise click.UsageError("--profiles, --molecules and --intervals need --manifest")
    if reference is None:
        raise click.UsageError("give --reference, or for profiles --manifest")
    if len(checkpoints) > 1:
        raise click.UsageError("several models are for profiles; give one --model")
    from seqmill.evaluation.predict import predict_sample, predict_sequence

    (checkpoint,) = checkpoints
    if reads is None and (gvcf or sample):
        raise click.UsageError("--gvcf and --sample need --reads")
    if reads is not None and contigs:
        raise click.UsageError("--contig is for predictions from sequence; give --regions with --reads")
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

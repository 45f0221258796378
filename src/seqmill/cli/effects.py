"""``seqmill effects``: what variants change in the outputs of a sequence model."""

from pathlib import Path

import click

_FILE = click.Path(path_type=Path)


@click.command("effects")
@click.option("--model", required=True, help="Checkpoint file, or models:/NAME@champion of a tracking store.")
@click.option("--reference", type=_FILE, required=True, help="FASTA that the variants belong to.")
@click.option(
    "--vcf", type=_FILE, required=True, help="Variants: VCF or BCF, such as seqmill predict writes."
)
@click.option("--output", type=_FILE, required=True, help="Annotated VCF to write, such as out.vcf.gz.")
@click.option("--table", type=_FILE, help="Table (TSV) to write too, a line for each alternative allele.")
@click.option(
    "--regions",
    type=_FILE,
    help="BED of places about which windows stay, such as promoters; by default they move to the variant.",
)
@click.option("--tracking-uri", help="Tracking store of a models:/ address; MLFLOW_TRACKING_URI by default.")
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Threads to use.")
def command(
    model: str,
    reference: Path,
    vcf: Path,
    output: Path,
    table: Path | None,
    regions: Path | None,
    tracking_uri: str | None,
    threads: int,
) -> None:
    """Annotate variants with what a sequence model says they change.

    Each alternative allele gets, for each output of the model, the change against the reference allele
    (EFFECT) and the largest change in windows near by (LOCAL). Alleles that cannot be scored keep their
    record, with the reason.

    A model of one strand is asked about either, each output twice, or with --regions about the strand that
    the sixth column of the BED tells.

    \b
    Example:
      seqmill effects --model results/atac/runs/cnn/seed-1/checkpoint.ckpt --reference genome.fa \\
        --vcf calls.vcf.gz --output effects.vcf.gz --table effects.tsv
    """  # noqa: D301
    from seqmill.interpretation.effects import annotate_variants

    checkpoint = Path(model)
    if model.startswith("models:/"):
        from seqmill.tracking.registry import resolve_model

        checkpoint = resolve_model(model, uri=tracking_uri)
    counts = annotate_variants(
        checkpoint,
        reference=reference,
        vcf=vcf,
        output=output,
        table=table,
        regions=regions,
        threads=threads,
    )
    told = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in sorted(counts.items()))
    click.echo(f"alleles: {told or 'none'}", err=True)
    click.echo(f"wrote {output}", err=True)

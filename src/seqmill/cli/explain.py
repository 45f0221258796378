"""``seqmill explain``: why a sequence model says so."""

from pathlib import Path

import click

from seqmill.cli.several import SeveralCommand

_FILE = click.Path(path_type=Path)
_METHODS = ("expected-gradients", "integrated-gradients", "mutagenesis")
_DISCOVERIES = ("built-in", "modisco")


@click.command("explain", cls=SeveralCommand)
@click.option("--model", required=True, help="Checkpoint file, or models:/NAME@champion of a tracking store.")
@click.option("--reference", type=_FILE, required=True, help="FASTA of the genome.")
@click.option("--regions", type=_FILE, help="BED of the regions to explain, such as peaks.")
@click.option("--manifest", type=_FILE, help="Dataset whose test examples to explain, in place of --regions.")
@click.option("--most", type=click.IntRange(min=1), help="Windows to use at most, drawn by the seed.")
@click.option("--motifs", type=_FILE, help="Known motifs in MEME format, to name what is found.")
@click.option(
    "--insert", multiple=True, help="Motif of --motifs to try on its own too; the option takes several."
)
@click.option("--target", help="Output of the model to explain; the first by default.")
@click.option(
    "--method", type=click.Choice(_METHODS), default=_METHODS[0], show_default=True, help="How to attribute."
)
@click.option(
    "--discovery",
    type=click.Choice(_DISCOVERIES),
    default=_DISCOVERIES[0],
    show_default=True,
    help="How to gather motifs; modisco takes minutes and needs the package modisco-lite.",
)
@click.option(
    "--control/--no-control",
    default=True,
    show_default=True,
    help="Do the same with randomised weights; takes as long again.",
)
@click.option(
    "--output-dir",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder of the page, motifs, instances, contributions and tables.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of baselines and shuffles.")
@click.option("--tracking-uri", help="Tracking store of a models:/ address; MLFLOW_TRACKING_URI by default.")
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Threads to use.")
def command(
    model: str,
    reference: Path,
    regions: Path | None,
    manifest: Path | None,
    most: int | None,
    motifs: Path | None,
    insert: tuple[str, ...],
    target: str | None,
    method: str,
    discovery: str,
    control: bool,
    output_dir: Path,
    seed: int,
    tracking_uri: str | None,
    threads: int,
) -> None:
    """Show which motifs a sequence model looks at, and what each base contributes.

    Windows lie about the middle of --regions, or of the test examples of --manifest; a model of one strand
    reads them on the strand that the sixth column of the BED tells.

    Every motif found is set into shuffled windows beside shuffles of itself, and all is done again with
    randomised weights: what these find too was not learnt.

    \b
    Example:
      seqmill explain --model results/atac/runs/cnn/seed-1/checkpoint.ckpt --reference genome.fa \\
        --regions peaks.bed --motifs yeast.meme --insert REB1 ABF1 --output-dir results/atac/explain
    """  # noqa: D301
    from seqmill.interpretation.explain import explain

    if (regions is None) == (manifest is None):
        raise click.UsageError("wanted one of --regions and --manifest")
    checkpoint = Path(model)
    if model.startswith("models:/"):
        from seqmill.tracking.registry import resolve_model

        checkpoint = resolve_model(model, uri=tracking_uri)
    told = explain(
        checkpoint,
        reference=reference,
        regions=regions,
        manifest=manifest,
        most=most,
        output_dir=output_dir,
        motifs=motifs,
        insert=insert,
        target=target,
        method=method,
        discovery=discovery,
        control=control,
        seed=seed,
        threads=threads,
    )
    click.echo(", ".join(f"{name} {count}" for name, count in told["regions"].items() if count), err=True)
    for motif in told["motifs"]:
        click.echo(
            f"{motif['consensus']:24s} {motif['seqlets']:5d} seqlets  {motif['match'] or ''}", err=True
        )
    click.echo(f"wrote {output_dir / 'explain.html'}", err=True)

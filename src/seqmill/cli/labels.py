"""``seqmill labels``: copy a sample's labels without what names the person."""

from pathlib import Path

import click


@click.command(name="labels")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--sample", required=True, help="Pseudonym of the sample.")
@click.option(
    "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Copy to write."
)
def command(file: Path, sample: str, output: Path) -> None:
    """Copy FILE, a sample's labels; of a VCF or BCF the header is reduced and samples are renamed.

    \b
    Example:
      seqmill labels ada.vcf.gz --sample p0123456789abcdef --output p0123456789abcdef.truth.vcf.gz
    """  # noqa: D301
    from seqmill.privacy.links import unnamed
    from seqmill.reads.pseudonymised_calls import stage_labels

    with unnamed([file], sample) as (link,):
        stage_labels(link, output, sample=sample)
    click.echo(f"{sample}: pseudonymised labels in {output}")

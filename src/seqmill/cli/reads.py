"""``seqmill reads``: turn FASTQ, BAM or CRAM into checked, sorted, indexed alignments."""

from pathlib import Path
from typing import Any

import click


@click.command(name="reads")
@click.option("--sample", required=True, help="Name of the sample.")
@click.option(
    "--fastq",
    multiple=True,
    metavar="R1[,R2]",
    help="FASTQ of one lane: a pair joined by a comma, or one file of single or interleaved reads. "
    "Repeat it for further lanes.",
)
@click.option("--alignments", type=click.Path(dir_okay=False), help="BAM or CRAM, instead of FASTQ.")
@click.option(
    "--fragments",
    type=click.Path(dir_okay=False),
    help="BED or BEDPE of sequenced fragments, instead of FASTQ; the output is a .bed.gz.",
)
@click.option(
    "--regions",
    type=click.Path(dir_okay=False),
    help="BED of labelled regions, such as peaks, instead of FASTQ; the output is a .bed.gz.",
)
@click.option("--reference", required=True, type=click.Path(dir_okay=False), help="FASTA, plain or bgzipped.")
@click.option(
    "--output", required=True, type=click.Path(dir_okay=False), help="BAM to write; indexed beside it."
)
@click.option("--report", required=True, type=click.Path(dir_okay=False), help="Read report to write, JSON.")
@click.option(
    "--aligner",
    default="auto",
    show_default=True,
    metavar="auto|bwa|minimap2|mappy",
    help="Aligner of FASTQ; auto takes bwa or minimap2 from the PATH, else mappy, which is built in.",
)
@click.option("--threads", default=1, show_default=True, type=click.IntRange(min=1), help="Threads to use.")
@click.option(
    "--rename-contigs",
    metavar="chr|nochr|TABLE",
    help="Give contigs of alignments the reference's names: add or take off 'chr', or by a table of two "
    "columns.",
)
@click.option("--sort", "sort_unsorted", is_flag=True, help="Sort alignments that are not sorted.")
@click.option(
    "--pseudonymous",
    is_flag=True,
    help="SAMPLE is a pseudonym: reduce headers, rename reads under the key in SEQMILL_KEY, tell no file's "
    "name.",
)
def command(
    sample: str,
    fastq: tuple[str, ...],
    alignments: str | None,
    fragments: str | None,
    regions: str | None,
    reference: str,
    output: str,
    report: str,
    aligner: str,
    threads: int,
    rename_contigs: str | None,
    sort_unsorted: bool,
    pseudonymous: bool,
) -> None:
    """Bring the reads of a sample to a sorted, duplicate-marked, indexed BAM, and report on them.

    \b
    Example:
      seqmill reads --sample ada --fastq ada_L1_R1.fq.gz,ada_L1_R2.fq.gz \\
        --reference reference.fa --output ada.bam --report ada.report.json
    """  # noqa: D301
    if sum(map(bool, (fastq, alignments, fragments, regions))) != 1:
        raise click.UsageError("give one of --fastq, --alignments, --fragments and --regions")
    from contextlib import ExitStack

    from seqmill.privacy.keys import find_key
    from seqmill.privacy.links import unnamed
    from seqmill.privacy.pseudonyms import read_key

    lanes = [lane.split(",", 1) for lane in fastq]
    given = [path for lane in lanes for path in lane] or [str(alignments or fragments or regions)]
    name_key = read_key(find_key(), sample) if pseudonymous else None
    with ExitStack() as opened:
        files = [str(path) for path in opened.enter_context(unnamed(given, sample))] if name_key else given
        if fragments or regions:
            _stage_table(
                sample,
                files[0],
                reference,
                output,
                report=report,
                rename_contigs=rename_contigs,
                holds="fragments" if fragments else "regions",
                told=name_key is None,
            )
            return
        rest = iter(files)
        _stage_reads(
            sample,
            [[next(rest) for _ in lane] for lane in lanes] or files[0],
            reference,
            output,
            report=report,
            name_key=name_key,
            aligner=aligner,
            threads=threads,
            rename_contigs=rename_contigs,
            sort_unsorted=sort_unsorted,
        )


def _stage_reads(
    sample: str,
    reads: list[list[str]] | str,
    reference: str,
    output: str,
    *,
    report: str,
    name_key: bytes | None,
    **options: Any,
) -> None:
    """Stage FASTQ or alignments."""
    from seqmill.files import write_json
    from seqmill.genome.reference import Reference
    from seqmill.lineage.data import alignments_of, reference_node
    from seqmill.origin import KEY
    from seqmill.reads.fragments import Lane
    from seqmill.reads.report import read_report
    from seqmill.reads.stage import stage

    with Reference(reference) as fasta:
        checksum = fasta.checksum
    lanes = [] if isinstance(reads, str) else [Lane(*map(Path, lane)) for lane in reads]
    staged = stage(sample, lanes or str(reads), reference, output, name_key=name_key, **options)
    inputs = [path for lane in lanes for path in lane.paths] or [Path(str(reads))]
    content = read_report(
        output,
        reference,
        sample=sample,
        inputs=inputs,
        steps=staged.steps,
        contig_mismatches=staged.contig_mismatches,
    )
    origin = alignments_of(
        Path(output),
        sample=sample,
        inputs=[(path, one["sha256"]) for path, one in zip(inputs, content["inputs"], strict=True)],
        reference=reference_node(Path(reference), checksum),
    )
    if name_key is not None:
        origin = origin.bare()
    write_json(report, content | {KEY: origin.to_dict()})
    click.echo(
        f"{sample}: {content['reads']:,} reads, {content['mapped']:,} mapped, {content['duplicates']:,} "
        "duplicates, "
        f"mean depth {content['mean_depth']:.1f}; {', '.join(staged.steps)}"
    )


def _stage_table(
    sample: str,
    path: str,
    reference: str,
    output: str,
    *,
    report: str,
    rename_contigs: str | None,
    holds: str,
    told: bool,
) -> None:
    """Stage a table of fragments or regions; its lineage names files where they may be `told`."""
    from seqmill.errors import InputError
    from seqmill.files import write_json
    from seqmill.genome.reference import Reference
    from seqmill.lineage.data import alignments_of, reference_node
    from seqmill.origin import KEY
    from seqmill.reads.fragment_file import SUFFIX, stage_fragments
    from seqmill.reads.region_file import stage_regions
    from seqmill.reads.report import fragment_report, region_report

    if not output.endswith(SUFFIX):
        raise InputError(f"{output}: found another ending, wanted {SUFFIX}: {holds} are staged as such")
    delivered = Path(path)
    with Reference(reference) as fasta:
        checksum = fasta.checksum
        if holds == "fragments":
            fragments = stage_fragments(delivered, fasta, Path(output), rename_contigs=rename_contigs)
            content = fragment_report(fragments, fasta, sample=sample, inputs=[delivered])
            total, dropped, more = (
                fragments.total,
                fragments.dropped,
                f"{fragments.repeated:,} of a repeated span, ",
            )
        else:
            regions = stage_regions(delivered, fasta, Path(output), rename_contigs=rename_contigs)
            content = region_report(regions, fasta, sample=sample, inputs=[delivered])
            total, dropped, more = regions.total, regions.dropped, ""
        origin = alignments_of(
            Path(output),
            sample=sample,
            inputs=[(delivered, content["inputs"][0]["sha256"])],
            reference=reference_node(Path(reference), checksum),
        )
        origin = origin if told else origin.bare()
    write_json(report, content | {KEY: origin.to_dict()})
    left_out = ", ".join(f"{n:,} {reason}" for reason, n in dropped.items()) or "none"
    click.echo(
        f"{sample}: {total:,} {holds}, dropped: {left_out}; {more}mean depth {content['mean_depth']:.1f}"
    )

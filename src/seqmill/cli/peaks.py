"""``seqmill peaks``: call peaks from staged alignments, which then stand for the reads of the sample."""

from pathlib import Path
from typing import Any

import click

from seqmill.peaks.options import PeakOptions

_FILE = click.Path(path_type=Path)
_DEFAULT = PeakOptions()


@click.command("peaks")
@click.option("--sample", required=True, help="Name of the sample.")
@click.option("--alignments", type=_FILE, required=True, help="Staged BAM of the sample.")
@click.option("--read-report", type=_FILE, required=True, help="Read report (JSON) of the sample.")
@click.option("--control", type=_FILE, help="Staged BAM of the background, such as the input.")
@click.option("--control-report", type=_FILE, help="Read report (JSON) of the background.")
@click.option("--reference", type=_FILE, required=True, help="FASTA, plain or bgzipped.")
@click.option("--factor", help="What was pulled down; a further column of the table.")
@click.option(
    "--caller", default=_DEFAULT.caller, show_default=True, metavar="macs3|macs2", help="Program that calls."
)
@click.option(
    "--format",
    default=_DEFAULT.format,
    show_default=True,
    metavar="auto|BAM|BAMPE",
    help="Single reads or fragments of pairs; auto goes by what the reads are.",
)
@click.option(
    "--q-value", default=_DEFAULT.q_value, show_default=True, type=float, help="Largest false-discovery rate."
)
@click.option(
    "--genome-size", type=int, help="Bases that reads can map to; without it those that are A, C, G or T."
)
@click.option("--fragment-length", type=int, help="Length of a fragment of single reads; else estimated.")
@click.option(
    "--mapping-quality",
    default=_DEFAULT.mapping_quality,
    show_default=True,
    type=int,
    help="Least mapping quality of a read.",
)
@click.option("--output", type=_FILE, required=True, help="Table of peaks (.bed.gz) to write.")
@click.option("--report", type=_FILE, required=True, help="Report (JSON) to write.")
def command(
    sample: str,
    alignments: Path,
    read_report: Path,
    control: Path | None,
    control_report: Path | None,
    reference: Path,
    factor: str | None,
    output: Path,
    report: Path,
    **asked: Any,
) -> None:
    """Call the peaks of a sample, with the reads of a control as background, and report on them.

    \b
    Example:
      seqmill peaks --sample chip --alignments chip.bam --read-report chip.report.json \\
        --control input.bam --control-report input.report.json --reference genome.fa \\
        --output chip.peaks.bed.gz --report chip.peaks.report.json
    """  # noqa: D301
    from seqmill.errors import ConfigErrors, InputError
    from seqmill.files import read_json, write_json
    from seqmill.genome.reference import Reference
    from seqmill.lineage.data import peaks_of, reference_node, told_by_report
    from seqmill.origin import KEY
    from seqmill.peaks.call import Library, call_peaks
    from seqmill.reads.fragment_file import SUFFIX
    from seqmill.typed import build

    if (control is None) != (control_report is None):
        raise click.UsageError("give both or neither of --control and --control-report")
    if not output.name.endswith(SUFFIX):
        raise InputError(f"{output}: found another ending, wanted {SUFFIX}: peaks are staged as such")
    problems: list[str] = []
    options = build(PeakOptions, asked, path="peaks", problems=problems)
    if problems:
        raise ConfigErrors("seqmill peaks", problems)
    libraries = [
        Library(bam, read_json(told, "sample", "reads", "paired", "inputs"))
        for bam, told in ((alignments, read_report), (control, control_report))
        if bam and told
    ]
    with Reference(reference) as fasta:
        found = call_peaks(
            libraries[0], *(libraries[1:] or [None]), fasta, output, options=options, factor=factor
        )
        origin = peaks_of(
            output,
            sample=sample,
            alignments=[told_by_report(one.report, source=one.bam) for one in libraries],
            reference=reference_node(reference, fasta.checksum),
        )
    inputs = [one for library in libraries for one in library.report["inputs"]]
    content = {**libraries[0].report, "inputs": inputs, "peaks": found, KEY: origin.to_dict()}
    write_json(report, content)
    left_out = ", ".join(f"{n:,} {reason}" for reason, n in found["dropped"].items()) or "none"
    click.echo(
        f"{sample}: {found['called']:,} peaks called by {found['caller']} at q <= {options.q_value:g} "
        f"({found['format']}, fragments of {found['fragment_length']} bases, genome of "
        f"{found['genome_size']:,}), dropped: {left_out}"
    )
    for role, reads in found["reads"].items():
        left_out = ", ".join(f"{n:,} {reason}" for reason, n in reads["dropped"].items()) or "none"
        click.echo(f"{role}: {reads['used']:,} of {reads['records']:,} records used, dropped: {left_out}")

"""From staged alignments, and those of a control, to a table of peaks that is staged like any other."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from seqmill.errors import InputError
from seqmill.files import write_tsv
from seqmill.genome.reference import Reference
from seqmill.peaks.options import PeakOptions
from seqmill.peaks.program import NARROW_PEAK, Called, check_caller, run_caller
from seqmill.peaks.usable import write_usable
from seqmill.reads.finish import staging_folder
from seqmill.reads.region_file import stage_regions

_BLOCK = 1 << 20


class Library(NamedTuple):
    """A sample's staged alignments, and the content of its read report."""

    bam: Path
    report: Mapping[str, Any]

    @property
    def paired(self) -> bool:
        """Whether most of its reads are paired."""
        return bool(2 * self.report["paired"] > self.report["reads"])


def call_peaks(
    treatment: Library,
    control: Library | None,
    reference: Reference,
    output: Path,
    *,
    options: PeakOptions,
    factor: str | None = None,
) -> dict[str, Any]:
    """Call the peaks of a sample and stage them.

    Parameters
    ----------
    treatment, control : Library
        The sample, and its background.
    reference : Reference
        The genome.
    output : Path
        Where the table goes, a ``.bed.gz`` with its index beside it: the columns of narrowPeak, named, with
        the summit's offset as ``peak``; and `factor` as a further one where it is given.
    options : PeakOptions
        How they are called.
    factor : str, optional
        What was pulled down.

    Returns
    -------
    dict
        ``caller``, ``arguments``, ``format``, ``genome_size``, ``fragment_length`` (bases), ``q_value``;
        ``called`` and ``kept`` peaks, ``dropped`` (reason to peaks); ``reads`` (treatment and control to
        ``records``, ``used`` and ``dropped``, reason to records).

    Raises
    ------
    InputError
        When the program is missing or asks for another option, no read or no peak is found, or pairs are
        asked for of reads that are single.
    SeqmillError
        When the program fails.
    """
    check_caller(options.caller)
    form = _format(treatment, control, options)
    size = options.genome_size or known_bases(reference)
    reads, files = {}, {}
    with staging_folder(output) as folder:
        for role, library in (("treatment", treatment), ("control", control)):
            if library is None:
                continue
            files[role] = folder / f"{role}.bam"
            found = write_usable(
                library.bam,
                files[role],
                contigs=reference.contigs,
                mapping_quality=options.mapping_quality,
                pairs=form == "BAMPE",
            )
            reads[role] = asdict(found)
        called = run_caller(
            files["treatment"],
            files.get("control"),
            form=form,
            genome_size=size,
            options=options,
            folder=folder,
        )
        if not called.rows:
            raise InputError(
                f"{treatment.bam}: {options.caller} called no peak at q <= {options.q_value:g} from "
                f"{reads['treatment']['used']:,} reads; check that the sample is enriched, or raise "
                "peaks.q_value"
            )
        table = folder / "peaks.bed"
        _write(table, called, factor)
        staged = stage_regions(table, reference, output)
    return {
        "caller": called.program,
        "arguments": called.arguments,
        "format": form,
        "genome_size": size,
        "fragment_length": called.fragment_length,
        "q_value": options.q_value,
        "called": staged.total,
        "kept": staged.kept,
        "dropped": dict(staged.dropped),
        "reads": reads,
    }


def known_bases(reference: Reference) -> int:
    """Count the bases of a reference that are A, C, G or T: the most that reads can map to."""
    total = 0
    for contig, length in reference.contigs.items():
        for start in range(0, length, _BLOCK):
            bases = reference.fetch(contig, start, min(start + _BLOCK, length))
            total += sum(map(bases.count, "ACGT"))
    return total


def _format(treatment: Library, control: Library | None, options: PeakOptions) -> str:
    """Give ``BAM`` or ``BAMPE``: what is asked for, else what both libraries are."""
    single = [one for one in (treatment, control) if one and not one.paired]
    if options.format == "BAMPE" and single:
        report = single[0].report
        raise InputError(
            f"peaks.format: found BAMPE, but of the {report['reads']:,} reads of {report['sample']} only "
            f"{report['paired']:,} are paired; wanted auto or BAM"
        )
    return options.format if options.format != "auto" else "BAM" if single else "BAMPE"


def _write(path: Path, called: Called, factor: str | None) -> None:
    header = ["#contig", "start", "end", *NARROW_PEAK]
    rows = [header, *called.rows]
    if factor:
        rows = [[*header, "factor"], *([*row, factor] for row in called.rows)]
    write_tsv(path, rows)

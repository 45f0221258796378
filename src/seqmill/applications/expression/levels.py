"""What is learnt: levels of genes out of reads, or levels that a table of regions gives."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.expression.spec import Options
from seqmill.errors import InputError, nearest
from seqmill.genome.annotation import Annotation
from seqmill.genome.gff import read_annotation
from seqmill.genome.labelled import read_labelled
from seqmill.genome.reference import Reference
from seqmill.genome.regions import Point
from seqmill.reads.gene_counts import count_genes

if TYPE_CHECKING:
    import pandas as pd

LEVEL = "level"
"""Column of a table of regions that holds what is learnt."""


class Target(NamedTuple):
    """A place in the genome and its level.

    Attributes
    ----------
    point : Point
        The first transcribed base, with strand and name.
    level : float
        Log2(TPM + 1) of a gene; what the table says of a region.
    group : str
        The group whose results are told apart; empty without one.
    """

    point: Point
    level: float
    group: str = ""


def targets(job: ExamplesJob, report: LabelReport, reference: Reference) -> list[Target]:
    """Give what a job learns of, each where it begins in the job's intervals.

    Parameters
    ----------
    job : ExamplesJob
        ``alignments`` is a BAM or CRAM, then ``files["annotation"]`` names the genes; or a staged table of
        regions with the column `LEVEL`.
    report : LabelReport
        Filled with fragments counted and not, genes and regions left out.
    reference : Reference
        The genome.

    Raises
    ------
    InputError
        When the annotation is missing or does not fit reads and genome, or the table lacks a column.
    """
    if job.alignments.name.endswith(".bed.gz"):
        return _region_targets(job, report)
    return _gene_targets(job, report, reference)


def gene_points(annotation: Annotation, biotypes: tuple[str, ...]) -> tuple[list[Point], list[int]]:
    """Give the starts of transcription of the genes of some kinds (all when empty), and their places."""
    chosen = [at for at, gene in enumerate(annotation.genes) if not biotypes or gene.biotype in biotypes]
    genes = [annotation.genes[at] for at in chosen]
    return [Point(gene.contig, gene.tss, gene.strand, gene.name) for gene in genes], chosen


def region_points(table: "pd.DataFrame", options: Options) -> tuple[list[Point], npt.NDArray[np.bool_]]:
    """Give the first transcribed base of regions that are promoters of the encoding's length.

    Parameters
    ----------
    table : DataFrame
        ``contig``, ``start``, ``end``; optionally ``name`` and ``strand``, where ``.`` counts as forward.
    options : Options
        A region begins `upstream` bases before the first transcribed base.

    Returns
    -------
    points : list of Point
        Of the regions that are long enough and not too long.
    kept : bool array, shape (n,)
        Which regions those are.
    """
    kept = (table["end"] - table["start"]).to_numpy() == options.width
    names = table["name"].astype(str) if "name" in table else [""] * len(table)
    strands = table["strand"] if "strand" in table else ["+"] * len(table)
    rows = zip(table["contig"], table["start"].tolist(), strands, names, strict=True)
    points = [
        Point(contig, start + (options.downstream - 1 if strand == "-" else options.upstream), strand, name)
        for (contig, start, strand, name), fits in zip(rows, kept, strict=True)
        if fits
    ]
    return points, kept


def check_lengths(
    source: object, table: "pd.DataFrame", kept: npt.NDArray[np.bool_], options: Options
) -> None:
    """Refuse a table of which no region has the length of the encoding.

    Raises
    ------
    InputError
        With the commonest length found.
    """
    if len(table) and not kept.any():
        commonest = int((table["end"] - table["start"]).mode()[0])
        raise InputError(
            f"{source}: no region of {options.width} bases found, most have {commonest}; wanted as many as "
            f"options.upstream + options.downstream ({options.upstream} + {options.downstream}); change the "
            "options, or cut the regions"
        )


def _region_targets(job: ExamplesJob, report: LabelReport) -> list[Target]:
    options: Options = job.options
    table = read_labelled(job.alignments, job.intervals)
    for column in (LEVEL, *([options.group] if options.group else [])):
        if column not in table:
            raise InputError(
                f"{job.alignments}: no column '{column}'{nearest(column, list(table))}; found "
                f"{', '.join(table)}; name it in the first line, which begins with '#'"
            )
    levels = _as_numbers(table[LEVEL])
    report.count("regions", len(table))
    report.count("regions_dropped.without_level", int(np.isnan(levels).sum()))
    table, levels = table[~np.isnan(levels)], levels[~np.isnan(levels)]
    points, kept = region_points(table, options)
    check_lengths(job.alignments, table, kept, options)
    report.count("regions_dropped.other_length", int((~kept).sum()))
    groups = table[options.group].astype(str) if options.group else [""] * len(table)
    chosen = [group for group, fits in zip(groups, kept, strict=True) if fits]
    return [Target(*one) for one in zip(points, levels[kept].tolist(), chosen, strict=True)]


def _as_numbers(column: "pd.Series") -> npt.NDArray[np.float64]:
    import pandas as pd

    values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def _gene_targets(job: ExamplesJob, report: LabelReport, reference: Reference) -> list[Target]:
    options: Options = job.options
    if "annotation" not in job.files:
        raise InputError(
            "files.annotation: not given, but levels of genes are counted with it; name the GTF or GFF3 of "
            "the reference in config.yaml"
        )
    annotation = read_annotation(job.files["annotation"], contigs=reference.contigs)
    counted = count_genes(
        job.alignments,
        annotation,
        library=options.library,
        reference=job.reference,
        min_mapq=options.min_mapping_quality,
    )
    points, chosen = gene_points(annotation, options.biotypes)
    if not points:
        kinds = sorted({gene.biotype for gene in annotation.genes})
        raise InputError(
            f"options.biotypes: no gene of {', '.join(options.biotypes)} in {job.files['annotation']}; found "
            f"{', '.join(kind or 'genes without a biotype' for kind in kinds)}"
        )
    if _leads(job, reference):
        _report_once(report, annotation, int(counted.counts.sum()), counted.counters)
        report.count("genes_dropped.other_biotype", len(annotation.genes) - len(points))
    levels = counted.log_tpm()[chosen]
    return [
        Target(point, level)
        for point, level in zip(points, levels.tolist(), strict=True)
        if any(
            part.contig == point.contig and part.start <= point.position < part.end for part in job.intervals
        )
    ]


def _leads(job: ExamplesJob, reference: Reference) -> bool:
    """Say whether this job is the first of its sample: each counts all reads, one reports them."""
    used = job.splits.contigs_of(job.sample) if job.splits else reference.contigs
    first = next(name for name in reference.contigs if name in used)
    return any(part.contig == first and part.start == 0 for part in job.intervals)


def _report_once(
    report: LabelReport, annotation: Annotation, counted: int, counters: Mapping[str, int]
) -> None:
    report.count("fragments_counted", counted)
    for reason, n in counters.items():
        report.count(f"fragments_dropped.{reason}", n)
    for reason, n in annotation.dropped.items():
        report.count(f"transcripts_dropped.{reason}", n)

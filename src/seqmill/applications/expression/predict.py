"""Predict levels of genes or promoters from sequence: a table."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from seqmill.applications.expression.examples import read_codes, usable
from seqmill.applications.expression.levels import check_lengths, gene_points, region_points
from seqmill.applications.expression.spec import Options
from seqmill.applications.scoring import SequenceJob
from seqmill.errors import InputError
from seqmill.files import atomic_path
from seqmill.genome.gff import read_annotation
from seqmill.genome.labelled import column_names
from seqmill.genome.lines import LineProblems, table_lines
from seqmill.genome.names import check_names
from seqmill.genome.reference import Reference
from seqmill.genome.regions import Point
from seqmill.progress import progress
from seqmill.reads.notice import notice

if TYPE_CHECKING:
    import pandas as pd

ANNOTATIONS = (".gtf", ".gff", ".gff3")
COLUMNS = ("name", "contig", "start", "end", "strand", "level")

_TOGETHER = 4096


def predict(job: SequenceJob) -> None:
    """Predict the level of each gene or region, and write a table with a header.

    ``regions`` is an annotation (GTF or GFF3, told by its ending), whose genes are predicted, or a BED of
    promoters as long as the model's. The columns are `COLUMNS`: ``start`` and ``end`` of the promoter,
    0-based half-open, and the level in the unit that was learnt.

    Raises
    ------
    InputError
        When no genes or regions are given or none can be used, or the output is to have another format.
    """
    if job.output.suffix != ".tsv":
        raise InputError(f"{job.output}: found another ending, wanted .tsv")
    if job.regions is None:
        raise InputError(
            "--regions: not given, but a level belongs to a promoter; give an annotation (GTF or GFF3) for "
            f"the genes of {job.reference}, or a BED of promoters"
        )
    with Reference(job.reference) as reference:
        points = [point for point in _points(job, reference) if point.contig in job.contigs]
        windows, removed = usable(points, reference, job.options)
        if not windows:
            raise InputError(
                f"{job.regions}: no promoter in it can be predicted on {', '.join(job.contigs[:3])}"
                f"{' and others' if len(job.contigs) > 3 else ''}; removed: {_told(removed) or 'none'}"
            )
        if removed:
            notice(f"{job.regions}: promoters left out: {_told(removed)}")
        with atomic_path(job.output) as aside, open(aside, "w") as handle:
            print(*COLUMNS, sep="\t", file=handle)
            for at in progress(range(0, len(windows), _TOGETHER), desc="predict"):
                some = windows[at : at + _TOGETHER]
                levels = job.predict({"sequence": read_codes(some, reference)})["predicted_level"]
                for one, level in zip(some, np.asarray(levels).tolist(), strict=True):
                    name = points[int(one.name)].name or "."
                    row = (name, one.contig, one.start, one.end, one.strand, f"{level:.4f}")
                    print(*row, sep="\t", file=handle)


def _points(job: SequenceJob, reference: Reference) -> list[Point]:
    """Give the starts of transcription that are asked for."""
    options: Options = job.options
    assert job.regions is not None
    if job.regions.name.removesuffix(".gz").endswith(ANNOTATIONS):
        return gene_points(read_annotation(job.regions, contigs=reference.contigs), options.biotypes)[0]
    table = _read_bed(job.regions)
    check_names(job.regions, table["contig"], reference.contigs, reference=job.reference)
    points, kept = region_points(table, options)
    check_lengths(job.regions, table, kept, options)
    if not kept.all():
        notice(f"{job.regions}: regions left out: not {options.width} bases long {int((~kept).sum())}")
    return points


def _read_bed(path: Path) -> "pd.DataFrame":
    """Read a BED with at least three columns."""
    import pandas as pd

    problems, rows, header = LineProblems(path), [], ""
    for number, line in table_lines(path, headers=("track", "browser")):
        cells = line.split("\t")
        if line.startswith("#"):
            header = header or line
        elif len(cells) < 3 or not (cells[1] + cells[2]).isdecimal() or int(cells[1]) >= int(cells[2]):
            problems.add(number, f"found {line[:80]!r}, wanted contig, start and end > start, tab-separated")
        elif rows and len(cells) != len(rows[0]):
            problems.add(number, f"found {len(cells)} columns, wanted {len(rows[0])} as in the lines before")
        else:
            rows.append(cells)
    problems.close()
    if not rows:
        raise InputError(f"{path}: holds no region; wanted lines of 'contig<TAB>start<TAB>end'")
    table = pd.DataFrame(rows, columns=column_names(header, len(rows[0])), dtype=str)
    return table.astype({"start": "int64", "end": "int64"})


def _told(removed: dict[str, int]) -> str:
    return ", ".join(f"{reason.replace('_', ' ')} {n}" for reason, n in removed.items())

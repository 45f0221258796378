"""Predict the levels of all sites of a genome from its sequence, as bedMethyl."""

from collections.abc import Iterator

import numpy as np

from seqmill.applications.methylation.bedmethyl import Row, line_of
from seqmill.applications.methylation.spec import Options
from seqmill.applications.methylation.windows import carries, in_contexts, inside, is_known, windows_at
from seqmill.applications.scoring import SequenceJob
from seqmill.errors import InputError
from seqmill.genome.bases import codes_of
from seqmill.genome.indexed_bed import write_indexed_bed
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.reference import Reference
from seqmill.progress import progress

ENDING = ".bed.gz"
_TOGETHER = 1 << 15  # bases of the genome whose sites are predicted at once


def predict(job: SequenceJob) -> None:
    """Predict each site of contigs or regions, and write them as bgzipped bedMethyl with a tabix index.

    Both strands are told, each site from its own. The coverage is 0: no read was asked. Sites whose window
    leaves the contig, or has too few known bases, are left out.

    Raises
    ------
    InputError
        When the output is to have another format, or the regions do not fit the reference.
    """
    if not job.output.name.endswith(ENDING):
        raise InputError(f"{job.output}: found another ending, wanted {ENDING}: bgzipped bedMethyl")
    with Reference(job.reference) as reference:
        rows = _rows(job, reference, job.asked(reference))
        write_indexed_bed(job.output, (f"{line_of(row)}\n" for row in rows))


def _rows(job: SequenceJob, reference: Reference, asked: Regions) -> Iterator[Row]:
    with progress(total=asked.size, desc="predict", unit="bp") as bar:
        for region in asked:
            for start in range(region.start, region.end, _TOGETHER):
                part = Interval(region.contig, start, min(start + _TOGETHER, region.end))
                yield from _rows_of(job, reference, part)
                bar.update(len(part))


def _rows_of(job: SequenceJob, reference: Reference, part: Interval) -> Iterator[Row]:
    options: Options = job.options
    codes = reference.codes(part.contig, part.start, part.end)
    forward = codes_of("".join(options.bases))
    found = np.flatnonzero(np.isin(codes, [forward, 3 - forward]))
    position = found + part.start
    strand = np.where(np.isin(codes[found], forward), 1, -1).astype(np.int8)
    lies = inside(position, reference.contigs[part.contig], options)
    position, strand = position[lies], strand[lies]
    windows = windows_at(reference, part.contig, position, strand, options)
    usable = is_known(windows) & in_contexts(windows, options)
    position, strand, windows = position[usable], strand[usable], windows[usable]
    if not len(position):
        return
    outputs = job.predict({"sequence": windows})
    marks = carries(windows, options)
    for row, (at, side) in enumerate(zip(position.tolist(), strand.tolist(), strict=True)):
        for column, mark in enumerate(options.marks):
            if marks[row, column]:
                level = float(outputs[f"predicted_level_{column}"][row])
                yield Row(part.contig, at, side, mark, level, 0)

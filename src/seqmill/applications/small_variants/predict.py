"""Call a new sample: reads to VCF, piece by piece, without shards."""

import multiprocessing
import pickle
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pysam

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.scoring import PredictJob
from seqmill.applications.small_variants.blocks import (
    Block,
    coverage,
    reference_blocks,
    reference_quality,
)
from seqmill.applications.small_variants.calls import KINDS, Call, Candidates
from seqmill.applications.small_variants.examples import examples
from seqmill.applications.small_variants.export import write_vcf
from seqmill.applications.small_variants.genotypes import genotype
from seqmill.applications.small_variants.scored_tables import (
    LOG_PROBABILITIES,
    MIN_QUALITY,
    contig_candidates,
    supported_reads,
)
from seqmill.errors import InputError
from seqmill.genome.intervals import Interval, Regions, read_bed
from seqmill.genome.names import check_names
from seqmill.genome.reference import Reference
from seqmill.progress import progress
from seqmill.reads.columns import read_columns
from seqmill.reads.depths import FULL

PIECE = 1_000_000
"""Bases of one piece of work; blocks of positions without a variant end at its edges."""

_COLUMNS = ("start", "ref", "alt", "reads", "support")


def predict(job: PredictJob) -> None:
    """Call a sample and write the VCF.

    Examples are encoded, scored and dropped piece by piece. Calls wait on disk until the coverage of the
    sample is known, which decides the thresholds.

    Parameters
    ----------
    job : PredictJob
        What to call, with which model, and where to write.

    Raises
    ------
    InputError
        When reads, reference or regions cannot be used, or the output is to have another format.
    """
    if not job.output.name.endswith(".vcf.gz"):
        raise InputError(
            f"{job.output}: found another ending, wanted .vcf.gz: calls are written as bgzipped VCF"
        )
    with (
        Reference(job.reference) as reference,
        tempfile.TemporaryDirectory(prefix="seqmill-calls-") as folder,
    ):
        pieces = cut(_regions(job, reference), PIECE)
        depths = np.zeros(1, np.int64)
        spills = []
        with progress(total=sum(map(len, pieces)), desc=f"call {job.sample}", unit="bp") as bar:
            for contig, group in groupby(_scored(job, pieces), key=lambda scored: scored[0].contig):
                tables, inside = [], []
                for piece, table in group:
                    tables.append(table)
                    inside.append(piece)
                    bar.update(len(piece))
                candidates = contig_candidates(contig, _join(tables))
                depths = _add(depths, np.bincount(supported_reads(candidates.reads, candidates.support)))
                records = _records(job, candidates, inside, reference)
                spills.append(Path(folder) / f"{len(spills)}.pickle")
                spills[-1].write_bytes(pickle.dumps(records))
        measured = histogram_median(depths)
        least = {kind: job.points.quality(kind, measured) for kind in KINDS}
        write_vcf(
            job.output,
            (record for spill in spills for record in pickle.loads(spill.read_bytes())),
            sample=job.sample,
            contigs=reference.contigs,
            lineage=job.lineage,
            passes=lambda call: call.quality >= least[call.kind],
            blocks=job.all_positions,
        )


def cut(regions: Regions, size: int) -> list[Interval]:
    """Cut regions into pieces of at most `size` bases, in order."""
    return [
        Interval(part.contig, start, min(start + size, part.end))
        for part in regions
        for start in range(part.start, part.end, size)
    ]


def histogram_median(counts: np.ndarray) -> float:
    """Give the median of values from how often each of 0, 1, 2, ... occurs; 0 when none does."""
    total = int(counts.sum())
    if not total:
        return 0.0
    ranks = np.array([(total - 1) // 2, total // 2])
    return float(np.searchsorted(np.cumsum(counts), ranks, side="right").mean())


def _regions(job: PredictJob, reference: Reference) -> Regions:
    with pysam.AlignmentFile(str(job.alignments), reference_filename=str(job.reference)) as handle:
        aligned = set(handle.references)
    whole = Regions.whole({name: size for name, size in reference.contigs.items() if name in aligned})
    if job.regions is None:
        return whole
    asked = read_bed(job.regions)
    check_names(job.regions, asked.contigs, reference.contigs, reference=job.reference)
    return whole.intersect(asked)


def _scored(job: PredictJob, pieces: Sequence[Interval]) -> Iterator[tuple[Interval, pd.DataFrame]]:
    """Score the candidates of each piece, in order."""
    for piece, batches in _encoded(job, pieces):
        tables = [
            pd.DataFrame({name: batch[name].to_pandas() for name in _COLUMNS}).assign(
                **dict(zip(LOG_PROBABILITIES, job.score(batch).T, strict=True))
            )
            for batch in batches
        ]
        yield piece, _join(tables)


def _join(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Stack tables; pandas would otherwise lose the types of columns to an empty one."""
    filled = [table for table in tables if len(table)]
    if not filled:
        return pd.DataFrame({name: [] for name in (*_COLUMNS, *LOG_PROBABILITIES)})
    return pd.concat(filled, ignore_index=True)


def _encoded(job: PredictJob, pieces: Sequence[Interval]) -> Iterator[tuple[Interval, list[pa.RecordBatch]]]:
    """Encode each piece, in other processes when there are threads to use."""
    jobs = [_examples_job(job, piece) for piece in pieces]
    if job.threads == 1:
        yield from ((piece, _encode(one)) for piece, one in zip(pieces, jobs, strict=True))
        return
    ahead: deque[tuple[Interval, Future[list[pa.RecordBatch]]]] = deque()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(job.threads, mp_context=context) as pool:
        for piece, one in zip(pieces, jobs, strict=True):
            ahead.append((piece, pool.submit(_encode, one)))
            if len(ahead) > job.threads:
                done, batches = ahead.popleft()
                yield done, batches.result()
        while ahead:
            done, batches = ahead.popleft()
            yield done, batches.result()


def _examples_job(job: PredictJob, piece: Interval) -> ExamplesJob:
    return ExamplesJob(
        sample=job.sample,
        alignments=job.alignments,
        reference=job.reference,
        intervals=(piece,),
        splits=None,
        depths=(FULL,),
        seed=job.seed,
        options=job.options,
    )


def _encode(job: ExamplesJob) -> list[pa.RecordBatch]:
    return list(examples(job, LabelReport()))


def _records(
    job: PredictJob, candidates: Candidates, pieces: Sequence[Interval], reference: Reference
) -> list[Call | Block]:
    """Genotype a contig; with all positions asked for, fill the pieces between its calls."""
    calls = genotype(candidates, min_quality=MIN_QUALITY)
    if not job.all_positions:
        return list(calls)
    records: list[Call | Block] = [*calls]
    starts = np.array([call.start for call in calls], np.int64)
    longest = job.options.max_indel + 1
    for piece in pieces:
        near = slice(*np.searchsorted(candidates.start, (piece.start - longest, piece.end)))
        of_piece = slice(*np.searchsorted(starts, (piece.start - longest, piece.end)))
        records += _blocks(job, piece, candidates.part(near), calls[of_piece], reference)
    return sorted(records, key=lambda record: record.start)


def _blocks(
    job: PredictJob, piece: Interval, candidates: Candidates, calls: Sequence[Call], reference: Reference
) -> Iterator[Block]:
    reads = read_columns(
        job.alignments,
        piece.contig,
        piece.start,
        piece.end,
        reference=job.reference,
        min_mapq=job.options.min_mapping_quality,
    )
    depth = coverage(reads.start, reads.end, piece)
    yield from reference_blocks(
        piece, depth, reference_quality(depth, candidates, piece), calls=calls, reference=reference
    )


def _add(counts: np.ndarray, more: np.ndarray) -> np.ndarray:
    longer = np.zeros(max(len(counts), len(more)), np.int64)
    longer[: len(counts)] += counts
    longer[: len(more)] += more
    return longer

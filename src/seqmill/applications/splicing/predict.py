"""Predict the splice sites of a genome from its sequence: a table of bases, or a bigWig for browsers."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from seqmill.applications.scoring import SequenceJob
from seqmill.applications.splicing.evaluate import SITES
from seqmill.errors import InputError
from seqmill.files import atomic_path
from seqmill.genome.bases import reverse_complement
from seqmill.genome.intervals import Regions
from seqmill.genome.reference import Reference, codes_over
from seqmill.progress import progress

ENDINGS = (".tsv", ".bw")

LEAST = 0.01
"""Probability from which on a base is told in a table."""

CHUNK = 5_000
"""Bases predicted at once."""

Probabilities = dict[str, dict[str, npt.NDArray[np.float32]]]


class Predicted(NamedTuple):
    """Strand -> class -> probability of each base from `start` on, along the forward strand."""

    contig: str
    start: int
    strands: Probabilities


def predict(job: SequenceJob) -> None:
    """Predict donors and acceptors on both strands over contigs or regions, and write them.

    A table (``.tsv``) holds a line for each base and strand with a probability of `LEAST` or more:
    ``contig``, ``start``, ``end`` (0-based half-open), ``strand``, ``donor`` and ``acceptor``. A bigWig holds
    at each base the larger of the two probabilities, of the strand that has the larger one; that of the
    reverse strand is negative.

    Raises
    ------
    InputError
        When the output is to have another format, or the regions do not fit the reference.
    """
    if not job.output.name.endswith(ENDINGS):
        raise InputError(f"{job.output}: found another ending, wanted one of {', '.join(ENDINGS)}")
    with Reference(job.reference) as reference:
        asked = job.asked(reference)
        lengths = {name: length for name, length in reference.contigs.items() if name in asked.contigs}
        write = _write_bigwig if job.output.suffix == ".bw" else _write_table
        write(job.output, lengths, _predicted(job, reference, asked, lengths))


def _predicted(
    job: SequenceJob, reference: Reference, asked: Regions, lengths: dict[str, int]
) -> Iterator[Predicted]:
    """Give what is asked for piece by piece, in the order of the reference."""
    flank = job.options.flank
    with progress(total=asked.size, desc="predict", unit="bp") as bar:
        for contig in lengths:
            regions = zip(asked.starts(contig).tolist(), asked.ends(contig).tolist(), strict=True)
            for first, last in regions:
                for start in range(first, last, CHUNK):
                    end = min(start + CHUNK, last)
                    codes = codes_over(reference, contig, start - flank, end + flank)
                    found = _told(job.predict({"sequence": codes[None]}), end - start)
                    back = _told(job.predict({"sequence": reverse_complement(codes)[None]}), end - start)
                    turned = {name: values[::-1] for name, values in back.items()}
                    yield Predicted(contig, start, {"+": found, "-": turned})
                    bar.update(end - start)


def _told(outputs: dict[str, npt.NDArray[np.float32]], bases: int) -> dict[str, npt.NDArray[np.float32]]:
    return {name: np.array([outputs[f"{name}_{at}"][0] for at in range(bases)]) for name in SITES}


def _write_table(path: Path, lengths: dict[str, int], pieces: Iterator[Predicted]) -> None:
    with atomic_path(path) as aside, open(aside, "w") as handle:
        print("contig", "start", "end", "strand", *SITES, sep="\t", file=handle)
        for piece in pieces:
            sure = {
                strand: np.maximum(*(told[name] for name in SITES)) >= LEAST
                for strand, told in piece.strands.items()
            }
            for at in np.flatnonzero(sure["+"] | sure["-"]).tolist():
                for strand in (strand for strand in piece.strands if sure[strand][at]):
                    values = (f"{piece.strands[strand][name][at]:.4f}" for name in SITES)
                    place = piece.start + at
                    print(piece.contig, place, place + 1, strand, *values, sep="\t", file=handle)


def _write_bigwig(path: Path, lengths: dict[str, int], pieces: Iterator[Predicted]) -> None:
    import pyBigWig

    with atomic_path(path) as aside:
        handle = pyBigWig.open(str(aside), "w")
        handle.addHeader(list(lengths.items()))
        for piece in pieces:
            forward, reverse = (
                np.maximum(*(piece.strands[strand][name] for name in SITES)) for strand in "+-"
            )
            values = np.where(reverse > forward, -reverse, forward).astype(np.float64)
            handle.addEntries(piece.contig, piece.start, values=values.tolist(), span=1, step=1)
        handle.close()

"""Exact, seeded down-sampling of alignments by read name."""

from os import PathLike

import pysam

from seqmill.files import atomic_path
from seqmill.reads.names import keep_name
from seqmill.reads.samtools import samtools


def subsample_bam(
    alignments: str | PathLike[str], output_bam: str | PathLike[str], fraction: float, seed: int
) -> None:
    """Keep a seeded share of the pairs of a BAM: those whose name `keep_name` keeps.

    All records of a name stay or go together, and a smaller fraction keeps a subset of a larger one's.

    Parameters
    ----------
    alignments : path
        Sorted BAM.
    output_bam : path
        Where the kept records go, in the same order; indexed (``.bai`` added).
    fraction : float
        Share of the pairs, 0 to 1.
    seed : int
        Which of them.
    """
    with atomic_path(output_bam) as aside:
        with (
            pysam.AlignmentFile(str(alignments)) as source,
            pysam.AlignmentFile(str(aside), "wb", template=source, format_options=[b"level=1"]) as sink,
        ):
            for record in source:
                if keep_name(record.query_name, fraction=fraction, seed=seed):
                    sink.write(record)
    samtools("index", output_bam)

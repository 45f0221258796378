"""Generated reads written as the alignments they were drawn from."""

import os
from collections.abc import Iterable, Mapping

import numpy as np
import pysam

from seqmill.files import atomic_path
from seqmill.reads.samtools import samtools

_LETTERS = np.frombuffer(b"ACGTN", np.uint8)


def bases_of(codes: np.ndarray) -> str:
    """Give bases as text: A 0, C 1, G 2, T 3, N 4."""
    return _LETTERS[codes].tobytes().decode()


def write_alignments(path: str | os.PathLike[str], contigs: Mapping[str, int], lines: Iterable[str]) -> None:
    """Write lines of SAM as a BAM sorted by coordinate, with its index beside it.

    Parameters
    ----------
    path : path
        Where the BAM goes (``.bai`` added for the index).
    contigs : mapping
        Contig name -> length.
    lines : iterable of str
        Aligned reads, in any order; those of one place are written in the order given.
    """
    header = pysam.AlignmentHeader.from_dict(
        {
            "HD": {"VN": "1.6", "SO": "coordinate"},
            "SQ": [{"SN": name, "LN": length} for name, length in contigs.items()],
        }
    )
    records = [pysam.AlignedSegment.fromstring(line, header) for line in lines]
    records.sort(key=lambda record: (record.reference_id, record.reference_start))
    with (
        atomic_path(path) as aside,
        pysam.AlignmentFile(str(aside), "wb", header=header, format_options=[b"level=1"]) as sink,
    ):
        for record in records:
            sink.write(record)
    samtools("index", path)

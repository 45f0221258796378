"""Alignments written by hand for tests."""

from collections.abc import Iterable
from pathlib import Path

import pysam


def read(
    name: str,
    start: int,
    cigar: str,
    sequence: str,
    *,
    quality: int | list[int] = 30,
    flag: int = 0,
    mapq: int = 60,
    contig: int = 0,
) -> dict[str, object]:
    """Describe one alignment; `start` is 0-based."""
    qualities = [quality] * len(sequence) if isinstance(quality, int) else quality
    return {
        "name": name,
        "start": start,
        "cigar": cigar,
        "sequence": sequence,
        "qualities": qualities,
        "flag": flag,
        "mapq": mapq,
        "contig": contig,
    }


def write_bam(path: Path, contigs: dict[str, int], reads: Iterable[dict[str, object]]) -> Path:
    """Write sorted, indexed alignments."""
    header = pysam.AlignmentHeader.from_dict(
        {
            "HD": {"VN": "1.6", "SO": "coordinate"},
            "SQ": [{"SN": name, "LN": length} for name, length in contigs.items()],
        }
    )
    ordered = sorted(reads, key=lambda r: (r["contig"], r["start"]))
    with pysam.AlignmentFile(str(path), "wb", header=header) as handle:
        for facts in ordered:
            record = pysam.AlignedSegment(header)
            record.query_name = facts["name"]
            record.flag = facts["flag"]
            record.reference_id = facts["contig"]
            record.reference_start = facts["start"]
            record.mapping_quality = facts["mapq"]
            record.cigarstring = facts["cigar"]
            record.query_sequence = facts["sequence"]
            record.query_qualities = pysam.qualitystring_to_array(
                "".join(chr(q + 33) for q in facts["qualities"])
            )
            handle.write(record)
    pysam.index(str(path))
    return path

"""What pysam says of the reads of a region, beside the columns."""

from pathlib import Path

import pysam

from seqmill.reads.table import EXCLUDED, ReadColumns

BASES = "=ACMGRSVTWYHKDBN"


def rows_of(columns: ReadColumns) -> list[tuple[object, ...]]:
    """Give each read as plain values."""
    found = []
    data = columns.buffer.tobytes()
    for row in range(columns.n):
        length = int(columns.length[row])
        name, cigar = int(columns.name_at[row]), int(columns.cigar_at[row])
        bases, qualities = int(columns.bases_at[row]), int(columns.qualities_at[row])
        words = [
            int.from_bytes(data[at : at + 4], "little")
            for at in range(cigar, cigar + 4 * int(columns.cigar_length[row]), 4)
        ]
        packed = data[bases : bases + (length + 1) // 2]
        found.append(
            (
                data[name : name + int(columns.name_length[row])].decode(),
                int(columns.flag[row]),
                int(columns.start[row]),
                int(columns.end[row]),
                int(columns.mapq[row]),
                int(columns.insert_size[row]),
                [(word & 15, word >> 4) for word in words],
                "".join(BASES[packed[k // 2] >> (4, 0)[k % 2] & 15] for k in range(length)),
                [255] * length
                if data[qualities : qualities + 1] == b"\xff"
                else list(data[qualities : qualities + length]),
            )
        )
    return found


def fetched(
    path: Path,
    contig: str,
    start: int,
    end: int,
    *,
    excluded: int = EXCLUDED,
    min_mapq: int = 0,
    reference: Path | None = None,
) -> list[tuple[object, ...]]:
    """Give each read as `rows_of` does, by pysam's fetch."""
    with pysam.AlignmentFile(str(path), reference_filename=reference and str(reference)) as handle:
        return [
            _facts(record)
            for record in handle.fetch(contig, start, end)
            if not record.flag & excluded and record.mapping_quality >= min_mapq
        ]


def _facts(record: pysam.AlignedSegment) -> tuple[object, ...]:
    length = record.query_length
    sequence = record.query_sequence or ""
    qualities = record.query_qualities
    cigar = list(record.cigartuples or [])
    span = 0 if record.is_unmapped else sum(count for kind, count in cigar if kind in (0, 2, 3, 7, 8))
    return (
        record.query_name,
        record.flag,
        record.reference_start,
        record.reference_start + span,
        record.mapping_quality,
        record.template_length,
        cigar,
        sequence,
        [255] * length if qualities is None else list(qualities),
    )

"""The reads of staged alignments that peaks are called from."""

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path

import pysam

from seqmill.errors import InputError


@dataclass(frozen=True)
class Usable:
    """What became of the records of an alignment file.

    Attributes
    ----------
    records, used : int
        In the file, and left of them.
    dropped : dict
        Reason -> records left out, each counted for the first reason that holds.
    """

    records: int
    used: int
    dropped: dict[str, int] = field(default_factory=dict)


def write_usable(
    bam: Path, output: Path, *, contigs: Container[str], mapping_quality: int, pairs: bool
) -> Usable:
    """Write the records of a BAM that peaks are called from.

    Parameters
    ----------
    bam : Path
        Sorted, duplicate-marked BAM.
    output : Path
        Where they go.
    contigs : container of str
        Contigs of the reference; records on others are left out.
    mapping_quality : int
        Least mapping quality.
    pairs : bool
        Leave out what is in no proper pair.

    Raises
    ------
    InputError
        When no record is left.
    """
    dropped: Counter[str] = Counter()
    used = 0
    with (
        pysam.AlignmentFile(str(bam)) as source,
        pysam.AlignmentFile(str(output), "wb", template=source, format_options=[b"level=1"]) as sink,
    ):
        known = {number for number, name in enumerate(source.references) if name in contigs}
        for record in source.fetch(until_eof=True):
            reason = _unusable(record, known, mapping_quality=mapping_quality, pairs=pairs)
            if reason:
                dropped[reason] += 1
            else:
                sink.write(record)
                used += 1
    found = Usable(used + dropped.total(), used, dict(dropped))
    if not used:
        why = ", ".join(f"{n:,} {reason}" for reason, n in dropped.items()) or "it holds none"
        raise InputError(
            f"{bam}: no read is left to call peaks from ({why}); wanted mapped reads that are no duplicates: "
            "check the sample, or lower peaks.mapping_quality"
        )
    return found


def _unusable(
    record: pysam.AlignedSegment, known: Container[int], *, mapping_quality: int, pairs: bool
) -> str | None:
    """Say why a record is not used; None when it is."""
    if record.is_unmapped:
        return "unmapped"
    if record.is_secondary or record.is_supplementary:
        return "not_primary"
    if record.is_qcfail:
        return "failed_quality_check"
    if record.is_duplicate:
        return "duplicate"
    if record.reference_id not in known:
        return "unknown_contig"
    if record.mapping_quality < mapping_quality:
        return "mapping_quality"
    return "no_proper_pair" if pairs and not record.is_proper_pair else None

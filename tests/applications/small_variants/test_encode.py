"""Encoded pileups, read back byte by byte."""

from pathlib import Path

import numpy as np
import pytest

from seqmill.applications.small_variants.encode import encode_window
from seqmill.applications.small_variants.layout import (
    FIRST_OF_PAIR,
    LLR_STEPS,
    LLR_ZERO,
    OTHER_ALLELE,
    PRESENT,
    PROPER_PAIR,
    REVERSE,
    SUPPORTS_ALT,
    SUPPORTS_REF,
)
from seqmill.applications.small_variants.realign import MATCH, MISMATCH
from seqmill.applications.small_variants.relative import relate
from seqmill.applications.small_variants.spec import Options
from tests.applications.small_variants.windows import PLAIN, window_of
from tests.reads.alignments import read

OPTIONS = Options(rows=6, columns=11, single_read_depth=20)
ALT = "CGTA"["ACGT".index(PLAIN[130])]
CARRIER = PLAIN[100:130] + ALT + PLAIN[131:160]


def encoded(
    folder: Path, reads: list[dict[str, object]], options: Options = OPTIONS
) -> tuple[list[np.ndarray], list[int], list[int]]:
    """Give each candidate's rows with bases as they are read, its reads and its support."""
    columns, scan, found, _ = window_of(folder, PLAIN, reads, options)
    pileups = encode_window(columns, scan, found, options, seed=1)
    at = pileups.payload_at
    relate(pileups.payload, at, options.columns)
    rows = [pileups.payload[at[i] : at[i + 1]].reshape(-1, options.row_bytes) for i in range(len(at) - 1)]
    return rows, pileups.reads.tolist(), pileups.support.tolist()


def test_the_reference_row(tmp_path: Path) -> None:
    [rows], [reads], [support] = encoded(
        tmp_path, [read("a", 100, "60M", CARRIER), read("b", 100, "60M", PLAIN[100:160])]
    )
    assert (rows[0, :11] >> 5).tolist() == ["ACGT".index(base) + 1 for base in PLAIN[125:136]]
    assert rows[0, 11] == 1 and rows[0, 16] == 2 and rows[0, 18] == 1
    assert (reads, support) == (2, 1)


def test_a_read_row(tmp_path: Path) -> None:
    [rows], *_ = encoded(
        tmp_path, [read("a", 100, "4S60M", "TTTT" + CARRIER, quality=33, flag=16 | 2 | 64, mapq=42)]
    )
    cells, scalars = rows[1, :11], rows[1, 11:]
    assert (cells >> 5).tolist() == ["ACGT".index(base) + 1 for base in CARRIER[25:36]]
    assert set(cells & 31) == {16}
    assert scalars[0] == 42
    assert scalars[1] == PRESENT | REVERSE | SUPPORTS_ALT | PROPER_PAIR | FIRST_OF_PAIR
    assert scalars[2] == LLR_ZERO + int((MISMATCH[33] - MATCH[33]) * LLR_STEPS)
    assert scalars[3:7].tolist() == [33, 29, 0, 4]


def test_rows_are_ordered_by_what_they_say(tmp_path: Path) -> None:
    third = "CGTA"["ACGT".index(ALT)]
    reads = [read(f"ref{i}", 100, "60M", PLAIN[100:160]) for i in range(2)]
    reads += [read("third", 100, "60M", PLAIN[100:130] + third + PLAIN[131:160], quality=15)]
    reads += [read(f"alt{i}", 100, "60M", CARRIER) for i in range(2)]
    options = Options(rows=6, columns=11, single_read_depth=0)
    [rows], *_ = encoded(tmp_path, reads, options)
    flags = rows[1:, 12] & (SUPPORTS_ALT | SUPPORTS_REF | OTHER_ALLELE)
    assert flags.tolist() == [SUPPORTS_ALT] * 2 + [OTHER_ALLELE] + [SUPPORTS_REF] * 2


def test_above_the_limit_a_sample_of_the_reads_is_kept(tmp_path: Path) -> None:
    reads = [read(f"alt{i}", 100, "60M", CARRIER) for i in range(20)]
    reads += [read(f"ref{i}", 100, "60M", PLAIN[100:160]) for i in range(20)]
    [rows], [n], [support] = encoded(tmp_path, reads)
    assert len(rows) == 1 + OPTIONS.rows
    assert (n, support, rows[0, 16]) == (40, 20, 40)
    kept = [bool(flags & SUPPORTS_ALT) for flags in rows[1:, 12]]
    assert 0 < sum(kept) < OPTIONS.rows


def test_deletions_and_insertions_in_the_cells(tmp_path: Path) -> None:
    reads = [read(f"d{i}", 100, "31M2D29M", PLAIN[100:131] + PLAIN[133:162]) for i in range(2)]
    reads += [read("i", 100, "33M1I27M", PLAIN[100:133] + "A" + PLAIN[133:160])]
    rows, *_ = encoded(tmp_path, reads, Options(rows=6, columns=11, single_read_depth=0))
    bases = rows[0][1:, :11] >> 5
    start = next(i for i in range(11) if 5 in bases[:, i]) - 1
    assert start == 5
    assert (bases[:2, 6:8] == 5).all()
    assert 6 in bases[2]


@pytest.mark.parametrize("carries", [True, False])
def test_the_ratio_of_an_indel_leans_to_what_the_read_carries(tmp_path: Path, carries: bool) -> None:
    """A read that ends inside the repeat is unsure; one that spans it is not, however it was aligned."""
    reads = [read(f"d{i}", 100, "30M3D30M", PLAIN[100:130] + PLAIN[133:163]) for i in range(3)]
    # the same molecule, aligned with mismatches and a clipped end instead of the deletion
    extra = PLAIN[100:130] + PLAIN[133:140] if carries else PLAIN[100:137]
    cigar = "30M7S" if carries else "37M"
    rows, *_ = encoded(tmp_path, [*reads, read("x", 100, cigar, extra)], Options(rows=6, columns=11))
    scalars = rows[0][1:, 11:].astype(int)
    llr = (scalars[:, 2] - LLR_ZERO) / LLR_STEPS
    explicit = (scalars[:, 1] & SUPPORTS_ALT) > 0
    assert (llr[explicit] > 5).all()
    assert (llr[~explicit] > 2).all() if carries else (llr[~explicit] < -2).all()

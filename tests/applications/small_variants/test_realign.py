"""Realignment against a plain dynamic programme without a band, and on planted reads."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.applications.small_variants.candidates import allele_strings
from seqmill.applications.small_variants.realign import (
    GAP_OPEN,
    MATCH,
    MISMATCH,
    alignment_cost,
    build_haplotype,
    gap_costs,
    read_segment,
)
from seqmill.applications.small_variants.spec import Options
from tests.applications.small_variants.windows import PLAIN, codes, window_of
from tests.reads.alignments import read

EXTEND = 10 * np.log(10) / 10


def plain_cost(bases: np.ndarray, qualities: np.ndarray, haplotype: np.ndarray, costs: np.ndarray) -> float:
    """The same model written plainly: every cell, three states, free ends in the haplotype."""
    n, m = len(bases), len(haplotype)
    matched, gap, extra = (np.full((n, m), np.inf) for _ in range(3))
    for i in range(n):
        for j in range(m):
            same = bases[i] == haplotype[j] or bases[i] > 3
            emit = MATCH[qualities[i]] if same else MISMATCH[qualities[i]]
            if i == 0:
                matched[i, j] = emit
            elif j > 0:
                matched[i, j] = emit + min(matched[i - 1, j - 1], gap[i - 1, j - 1], extra[i - 1, j - 1])
            if i > 0:
                opened = min(matched[i - 1, j], gap[i - 1, j]) + costs[j]
                extra[i, j] = min(opened, extra[i - 1, j] + EXTEND) + MATCH[qualities[i]]
            if j > 0 and i > 0:
                gap[i, j] = min(matched[i, j - 1] + costs[j], gap[i, j - 1] + EXTEND)
            elif j > 0:
                gap[i, j] = np.inf
    return min(matched[-1].min(), extra[-1].min())


@st.composite
def a_read_and_its_haplotype(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    haplotype = np.array(draw(st.lists(st.integers(0, 3), min_size=12, max_size=24)), np.uint8)
    start = draw(st.integers(0, 4))
    bases = list(haplotype[start : start + draw(st.integers(6, 12))])
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(bases) - 1))
        change = draw(st.sampled_from(["swap", "drop", "add"]))
        if change == "swap":
            bases[at] = draw(st.integers(0, 4))
        elif change == "drop" and len(bases) > 3:
            del bases[at]
        else:
            bases.insert(at, draw(st.integers(0, 3)))
    qualities = draw(st.lists(st.integers(5, 40), min_size=len(bases), max_size=len(bases)))
    return np.array(bases, np.uint8), np.array(qualities, np.uint8), haplotype, start


@given(a_read_and_its_haplotype())
def test_a_wide_band_gives_the_best_path(case: tuple[np.ndarray, np.ndarray, np.ndarray, int]) -> None:
    bases, qualities, haplotype, start = case
    costs = np.empty(len(haplotype), np.float32)
    gap_costs(haplotype, len(haplotype), costs)
    work = np.empty((4, 128), np.float32)
    found = alignment_cost(
        bases, qualities, len(bases), haplotype, len(haplotype), costs, start, len(haplotype), work
    )
    wanted = plain_cost(bases, qualities, haplotype, costs)
    # a gap before the first base is free in both, so the two agree
    assert found == pytest.approx(wanted, rel=1e-4)


def test_gaps_are_cheaper_in_longer_runs() -> None:
    haplotype = codes("ACAAAAAAAAAAG")
    costs = np.empty(len(haplotype), np.float32)
    gap_costs(haplotype, len(haplotype), costs)
    assert costs[0] == GAP_OPEN[1]
    assert set(costs[2:12]) == {GAP_OPEN[10]}
    assert (np.diff(GAP_OPEN) <= 0).all()


@pytest.mark.parametrize(
    ("cigar", "sequence"),
    [
        ("30M3D30M", PLAIN[100:130] + PLAIN[133:163]),
        ("30M4I30M", PLAIN[100:130] + "GGTT" + PLAIN[130:160]),
    ],
)
def test_the_haplotype_is_the_reference_with_the_allele(tmp_path: Path, cigar: str, sequence: str) -> None:
    reads = [read(f"r{i}", 100, cigar, sequence) for i in range(3)]
    _, scan, found, [(start, ref, alt)] = window_of(tmp_path, PLAIN, reads, Options())
    room = np.empty(400, np.uint8)
    size = build_haplotype(found, 0, scan.reference, 90, 180, 0, room)
    wanted = PLAIN[90:start] + alt + PLAIN[start + len(ref) : 180]
    assert "".join("ACGT"[code] for code in room[:size]) == wanted
    assert allele_strings(found, scan.reference, 0) == [(ref, alt)]


@pytest.mark.parametrize(
    ("start", "cigar", "sequence", "span", "wanted", "first"),
    [
        (100, "60M", PLAIN[100:160], (110, 120), PLAIN[110:120], 110),
        (100, "60M", PLAIN[100:160], (90, 110), PLAIN[100:110], 100),
        (100, "5S55M", "TTTTT" + PLAIN[100:155], (90, 105), "TTTTT" + PLAIN[100:105], 95),
        (100, "5S55M", "TTTTT" + PLAIN[100:155], (98, 105), "TT" + PLAIN[100:105], 98),
        (100, "10M5S", PLAIN[100:110] + "TTTTT", (105, 113), PLAIN[105:110] + "TTT", 105),
        (100, "10M2D10M", PLAIN[100:110] + PLAIN[112:122], (105, 115), PLAIN[105:110] + PLAIN[112:115], 105),
        (
            100,
            "10M2I10M",
            PLAIN[100:110] + "GG" + PLAIN[110:120],
            (105, 115),
            PLAIN[105:110] + "GG" + PLAIN[110:115],
            105,
        ),
    ],
)
def test_the_segment_of_a_read(
    tmp_path: Path, start: int, cigar: str, sequence: str, span: tuple[int, int], wanted: str, first: int
) -> None:
    columns, *_ = window_of(tmp_path, PLAIN, [read("r", start, cigar, sequence)], Options())
    bases, qualities = np.empty(400, np.uint8), np.empty(400, np.uint8)
    n, begins = read_segment(columns, 0, *span, bases, qualities)
    assert "".join("ACGT"[code] for code in bases[:n]) == wanted
    assert begins == first


def test_a_long_insertion_is_cut_where_the_room_ends(tmp_path: Path) -> None:
    sequence = PLAIN[100:130] + "ACGT" * 200 + PLAIN[130:160]
    columns, *_ = window_of(tmp_path, PLAIN, [read("r", 100, "30M800I30M", sequence)], Options())
    bases, qualities = np.full(210, 9, np.uint8), np.empty(200, np.uint8)
    n, begins = read_segment(columns, 0, 110, 150, bases[:200], qualities)
    assert (n, begins) == (200, 110)
    assert (bases[200:] == 9).all()

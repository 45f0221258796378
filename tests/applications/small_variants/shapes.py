"""Reads of every CIGAR shape, drawn by hypothesis, and what they show, told base by base through pysam."""

from collections import Counter
from pathlib import Path

import numpy as np
import pysam
from hypothesis import strategies as st

from tests.reads.alignments import read


@st.composite
def references(draw: st.DrawFn) -> str:
    """A reference of 300 bases with repeats, and an N now and then."""
    parts = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["A", "C", "G", "T", "AC", "GATT", "ACGTTGCA", "N"]), st.integers(1, 9)
            ),
            min_size=10,
            max_size=40,
        )
    )
    text = "".join(unit * copies for unit, copies in parts)
    return (text * (300 // len(text) + 1))[:300]


@st.composite
def shaped_reads(draw: st.DrawFn, reference: str, *, most: int = 12) -> list[dict[str, object]]:
    """Reads with clips, gaps, skips and mismatches, some of them alike."""
    reads: list[dict[str, object]] = []
    for number in range(draw(st.integers(1, most))):
        start = draw(st.integers(0, 250))
        operations = draw(
            st.lists(
                st.tuples(st.sampled_from("MMM=XIDN"), st.integers(1, 12)), min_size=1, max_size=7
            ).filter(lambda ops: any(kind in "M=X" for kind, _ in ops))
        )
        position, walked, bases = start, [], ""
        for kind, asked in operations:
            length = asked if kind == "I" else min(asked, len(reference) - 5 - position)
            if length <= 0 or (walked and walked[-1][1] == kind):
                continue
            walked.append((length, kind))
            if kind == "I":
                bases += draw(st.text("ACGTN" if asked == 12 else "ACGT", min_size=length, max_size=length))
            elif kind in "M=X":
                bases += reference[position : position + length]
            position += 0 if kind == "I" else length
        if not any(kind in "M=X" for _, kind in walked):
            continue
        for _ in range(draw(st.integers(0, 3))):
            at = draw(st.integers(0, len(bases) - 1))
            bases = bases[:at] + draw(st.sampled_from("ACGTN")) + bases[at + 1 :]
        clips = [draw(st.sampled_from([0, 0, 3])) for _ in range(2)]
        bases = "T" * clips[0] + bases + "G" * clips[1]
        cigar = "".join(f"{length}{kind}" for length, kind in walked)
        cigar = (f"{clips[0]}S" if clips[0] else "") + cigar + (f"{clips[1]}S" if clips[1] else "")
        if draw(st.booleans()):
            cigar = "2H" + cigar
        quality = draw(
            st.lists(st.sampled_from([2, 9, 10, 20, 30, 37]), min_size=len(bases), max_size=len(bases))
        )
        flag = draw(st.sampled_from([0, 16, 99, 147]))
        for copy in range(draw(st.sampled_from([1, 1, 2, 3]))):
            reads.append(read(f"r{number}.{copy}", start, cigar, bases, quality=quality, flag=flag))
    return reads


def shown(path: Path, reference: str, least: int) -> tuple[Counter, dict, Counter, list[int]]:
    """Tell reads by (place, base), best quality of each, depth by place, and differences by read."""
    counts: Counter = Counter()
    best: dict[tuple[int, str], int] = {}
    depth: Counter = Counter()
    differences = []
    with pysam.AlignmentFile(str(path)) as handle:
        for record in handle:
            different = sum(kind in (1, 2) for kind, _ in record.cigartuples)
            skipped = set()
            position = record.reference_start
            for kind, length in record.cigartuples:
                if kind == 3:
                    skipped.update(range(position, position + length))
                if kind in (0, 2, 3, 7, 8):
                    position += length
            for query, place in record.get_aligned_pairs():
                if place is None or place in skipped:
                    continue
                depth[place] += 1
                if query is None:
                    continue
                base, quality = record.query_sequence[query], record.query_qualities[query]
                if base == "N" or reference[place] == "N" or base == reference[place]:
                    continue
                different += 1
                if quality >= least:
                    counts[place, base] += 1
                    best[place, base] = max(best.get((place, base), 0), quality)
            differences.append(different)
    return counts, best, depth, differences


def indels(path: Path, reference: str, longest: int) -> Counter:
    """Tell the reads that carry each left-aligned indel as (place before it, REF, ALT)."""
    found: Counter = Counter()
    with pysam.AlignmentFile(str(path)) as handle:
        for record in handle:
            position, query = record.reference_start, 0
            for kind, length in record.cigartuples:
                if kind in (1, 2) and query and length <= longest and position > 1:
                    moved = (
                        record.query_sequence[query : query + length]
                        if kind == 1
                        else reference[position : position + length]
                    )
                    anchor, bases = position - 1, moved
                    if not (kind == 1 and "N" in bases) and anchor + length + 1 < len(reference):
                        while anchor > 0 and reference[anchor] == bases[-1]:
                            bases = bases[-1] + bases[:-1]
                            anchor -= 1
                        key = (anchor, bases, "") if kind == 2 else (anchor, "", bases)
                        found[key] += 1
                if kind in (0, 1, 4, 7, 8):
                    query += length
                if kind in (0, 2, 3, 7, 8):
                    position += length
    return found


def codes(text: str) -> np.ndarray:
    """Give base codes."""
    return np.array(["ACGTN".index(base) for base in text], np.uint8)

"""Junctions against pysam and a count of fragments read by read, and tables by hand."""

from collections import Counter, defaultdict
from itertools import groupby, pairwise

import numpy as np
import pysam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqmill.errors import InputError
from seqmill.genome.annotation import Intron
from seqmill.genome.reference import Reference
from seqmill.reads import junctions
from seqmill.reads.junctions import find_junctions
from tests.reads.generated import consumed, write_lines

EXCLUDED = 0x4 | 0x200 | 0x800
STRANDS = {"forward": 1, "reverse": -1}


@st.composite
def spliced_lines(draw: st.DrawFn) -> str:
    """One alignment with a few skipped stretches at few places, so that junctions are shared."""
    parts = [f"{draw(st.sampled_from([4, 12]))}M"]
    for _ in range(draw(st.integers(0, 2))):
        parts.append(draw(st.sampled_from(["50N", "30N", "8N", "600N", "50N4N", "3D50N"])))
        parts.append(draw(st.sampled_from(["3M", "9M", "5M2I4M", "4=1X5M", "5M1D4M"])))
    cigar = "".join([draw(st.sampled_from(["", "2S", "3H"])), *parts])
    length = consumed(cigar)
    tags = [
        *draw(st.sampled_from([[], ["NH:i:1"], ["NH:i:3"]])),
        *draw(st.sampled_from([[], ["XS:A:+"], ["XS:A:-"], ["XS:i:5"]])),
        *draw(st.sampled_from([[], ["ts:A:+"], ["ts:A:-"]])),
    ]
    fields = [
        f"r{draw(st.integers(0, 5))}",
        draw(st.sampled_from([0, 16, 73, 99, 147, 163, 256, 512, 1024, 2048])),
        draw(st.sampled_from(["chr1", "chr2"])),
        draw(st.sampled_from([100, 104, 112])),
        draw(st.sampled_from([0, 9, 10, 60])),
        cigar,
        "*",
        0,
        0,
        "A" * length,
        "*",
        *tags,
    ]
    return "\t".join(map(str, fields))


def crossings(record: pysam.AlignedSegment) -> list[tuple[int, int, int]]:
    """Give start, end and overhang of the skipped stretches of one alignment."""
    pieces, position = [[record.reference_start, 0, 0]], record.reference_start
    found = []
    for operation, length in record.cigartuples:
        if operation == 3:
            pieces[-1][1] = position
            pieces.append([position + length, 0, 0])
        pieces[-1][2] += length if operation in (0, 7, 8) else 0
        position += length if operation in (0, 2, 3, 7, 8) else 0
    for left, right in pairwise(pieces):
        found.append((left[1], right[0], min(left[2], right[2])))
    return found


def voted(record: pysam.AlignedSegment, library: str | None) -> int:
    if library in STRANDS:
        sense = STRANDS[library] * (-1 if record.is_read2 else 1)
        return -sense if record.is_reverse else sense
    if record.has_tag("XS") and record.get_tag("XS") in ("+", "-"):
        return 1 if record.get_tag("XS") == "+" else -1
    if record.has_tag("ts"):
        return (1 if record.get_tag("ts") == "+" else -1) * (-1 if record.is_reverse else 1)
    return 0


def expected(path, library, limits, min_unique):
    shortest, longest, anchor = limits
    dropped = Counter()
    unique, names, votes, overhang = (defaultdict(set), defaultdict(set), Counter(), Counter())
    with pysam.AlignmentFile(str(path)) as handle:
        for record in handle:
            if record.flag & EXCLUDED:
                continue
            one = record.mapping_quality >= 10 and not record.is_secondary
            if record.has_tag("NH"):
                one = record.get_tag("NH") == 1
            for start, end, least in crossings(record):
                key = (record.reference_name, start, end)
                if end - start < shortest:
                    dropped["short_intron"] += 1
                elif end - start > longest:
                    dropped["long_intron"] += 1
                elif least < anchor:
                    dropped["short_anchor"] += 1
                else:
                    names[key].add(record.query_name)
                    if one:
                        unique[key].add(record.query_name)
                    votes[key] += voted(record, library)
                    overhang[key] = max(overhang[key], least)
    rows = [
        (*key, int(np.sign(votes[key])), len(unique[key]), len(names[key] - unique[key]), overhang[key])
        for key in sorted(names)
        if len(unique[key]) >= min_unique
    ]
    dropped["few_fragments"] = len(names) - len(rows)
    return rows, dropped


def rows_of(found):
    return [
        (found.contigs[found.contig[row]], *(int(column[row]) for column in columns))
        for columns in [(found.start, found.end, found.strand, found.unique, found.multiple, found.overhang)]
        for row in range(len(found))
    ]


@settings(max_examples=60)
@given(
    lines=st.lists(spliced_lines(), max_size=14),
    library=st.sampled_from([None, "unstranded", "forward", "reverse"]),
    limits=st.sampled_from([(1, 10**6, 0), (20, 100, 4), (9, 600, 9)]),
    min_unique=st.integers(0, 2),
)
def test_counts_are_those_of_a_loop_over_reads(tmp_path_factory, lines, library, limits, min_unique):
    path = write_lines(tmp_path_factory.mktemp("junctions") / "a.bam", lines)
    shortest, longest, anchor = limits
    found = find_junctions(
        path, library=library, anchor=anchor, min_intron=shortest, max_intron=longest, min_unique=min_unique
    )
    rows, dropped = expected(path, library, limits, min_unique)
    assert rows_of(found) == rows
    assert Counter(found.dropped) == dropped


@settings(max_examples=30)
@given(st.lists(spliced_lines(), max_size=14))
def test_introns_are_those_that_pysam_finds(tmp_path_factory, lines):
    named = [f"{number}{line}" for number, line in enumerate(lines)]
    path = write_lines(tmp_path_factory.mktemp("introns") / "a.bam", named)
    found = find_junctions(path, anchor=0, min_intron=1, max_intron=10**6, min_unique=0)
    with pysam.AlignmentFile(str(path)) as handle:
        for contig, rows in groupby(rows_of(found), key=lambda row: row[0]):
            kept = (record for record in handle.fetch(contig) if not record.flag & EXCLUDED)
            introns = handle.find_introns(kept)
            assert {(start, end): unique + more for _, start, end, _, unique, more, _ in rows} == introns
        total = sum(len(crossings(record)) for record in handle.fetch() if not record.flag & EXCLUDED)
    assert int(found.unique.sum() + found.multiple.sum()) == total


def line(name, start, cigar, *tags, flag=0):
    return "\t".join(
        map(str, [name, flag, "chr1", start, 60, cigar, "*", 0, 0, "A" * consumed(cigar), "*", *tags])
    )


@pytest.mark.parametrize("window", [60, 5000])
def test_windows_and_mates_do_not_count_twice(tmp_path, monkeypatch, window):
    monkeypatch.setattr(junctions, "_WINDOW", window)
    pair = [line("p", 101, "20M100N20M", flag=99), line("p", 111, "10M100N30M", flag=147)]
    path = write_lines(tmp_path / "a.bam", [*pair, line("q", 115, "6M100N30M"), line("q", 116, "9M99N30M")])
    found = find_junctions(path, anchor=8)
    assert rows_of(found) == [("chr1", 120, 220, 0, 1, 0, 20), ("chr1", 124, 223, 0, 1, 0, 9)]
    assert found.dropped == {"short_intron": 0, "long_intron": 0, "short_anchor": 1, "few_fragments": 0}


def test_the_motif_tells_the_strand_where_reads_do_not(tmp_path):
    bases = list("A" * 400)
    for start, end, motif in [(110, 150, "GTAG"), (210, 250, "CTAC"), (310, 350, "AAAA")]:
        bases[start : start + 2], bases[end - 2 : end] = motif[:2], motif[2:]
    fasta = tmp_path / "r.fa"
    fasta.write_text(f">1\n{''.join(bases)}\n")
    lines = [line(f"r{start}", start - 9, "10M40N10M") for start in (110, 210, 310)]
    lines.append(line("t", 201, "10M40N10M", "XS:A:+"))
    path = write_lines(tmp_path / "a.bam", lines)
    with Reference(fasta) as reference:
        found = find_junctions(path, reference=reference, contigs=["chr1"])
    assert found.strand.tolist() == [1, 1, 0] and found.motif.tolist() == [1, 2, 0]
    assert found.introns == (Intron("chr1", 110, 150, "+"), Intron("chr1", 210, 250, "+"))
    assert [intron.acceptor for intron in found.introns] == [149, 249]


def test_what_is_asked_wrongly_is_named(tmp_path):
    path = write_lines(tmp_path / "a.bam", [])
    with pytest.raises(InputError, match=r"library: found 'forwards' \(did you mean 'forward'\?\)"):
        find_junctions(path, library="forwards")
    with pytest.raises(InputError, match="no contig 'chr9'"):
        find_junctions(path, contigs=["chr9"])
    assert len(find_junctions(path)) == 0

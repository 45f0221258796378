"""Bisulfite calls against a loop over Bismark's strings, and pairs that overlap."""

from collections import Counter
from pathlib import Path

import pysam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqmill.errors import InputError
from seqmill.reads.bisulfite import CONTEXTS, check_bisulfite, methylated_sites
from seqmill.reads.reader import AlignmentReader
from tests.reads.generated import consumed, write_lines


@st.composite
def called_lines(draw: st.DrawFn) -> str:
    """One single read with its calls."""
    cigar = draw(st.sampled_from(["12M", "3S9M", "5M2I3D5M", "6M4N6M"]))
    length, flag = consumed(cigar), draw(st.sampled_from([0, 16]))
    calls = "".join(draw(st.lists(st.sampled_from("zZxXhHuU.."), min_size=length, max_size=length)))
    tags = [f"XM:Z:{calls}", *draw(st.sampled_from([[], ["XG:Z:CT"], ["XG:Z:GA"]]))]
    fields = ["r", flag, "chr1", draw(st.integers(1, 30)), 60, cigar, "*", 0, 0, "A" * length, "*", *tags]
    return "\t".join(map(str, fields))


def expected(path: Path, letter: str) -> dict[tuple[int, int], tuple[int, int]]:
    held, high = Counter(), Counter()
    with pysam.AlignmentFile(str(path)) as handle:
        for record in handle.fetch("chr1"):
            strand = -1 if record.is_reverse else 1
            if record.has_tag("XG"):
                strand = {"CT": 1, "GA": -1}[record.get_tag("XG")]
            for on, at in record.get_aligned_pairs(matches_only=True):
                call = record.get_tag("XM")[on]
                if call.lower() == letter:
                    held[at, strand] += 1
                    high[at, strand] += call.isupper()
    return {key: (held[key], high[key]) for key in sorted(held)}


def as_dict(found):
    keys = zip(found.position.tolist(), found.strand.tolist(), strict=True)
    return dict(zip(keys, zip(found.coverage.tolist(), found.modified.tolist(), strict=True), strict=True))


@settings(max_examples=60)
@given(st.lists(called_lines(), max_size=6), st.sampled_from(list(CONTEXTS)))
def test_sums_are_those_of_a_loop_over_calls(tmp_path_factory, lines, context):
    path = write_lines(tmp_path_factory.mktemp("called") / "a.bam", lines)
    with AlignmentReader(path) as reader:
        found = methylated_sites(reader, "chr1", 0, 100, context=context)
    assert as_dict(found) == expected(path, CONTEXTS[context])
    assert found.probability.tolist() == found.modified.tolist()
    assert found.reads == {"used": len(lines), "without_tag": 0, "length_differs": 0}


def line(calls, *, flag=0, start=11, mate=0, size=0, tag="XM:Z:"):
    bases = "A" * 8
    fields = ["r", flag, "chr1", start, 60, "8M", "=" if mate else "*", mate, size, bases, "*"]
    return "\t".join(map(str, [*fields, *([tag + calls] if calls else [])]))


def sums(tmp_path, lines):
    with AlignmentReader(write_lines(tmp_path / "a.bam", lines)) as reader:
        return methylated_sites(reader, "chr1", 0, 100)


@pytest.mark.parametrize(("first", "second", "strand"), [(99, 147, 1), (163, 83, -1)])
def test_a_pair_counts_once_where_it_overlaps(tmp_path, first, second, strand):
    lines = [
        line("ZZZZZZZZ", flag=first, mate=15, size=12),
        line("zzzzzzzz", flag=second, start=15, mate=11, size=-12),
    ]
    found = as_dict(sums(tmp_path, lines))
    assert found == {(at, strand): (1, int(at < 14)) for at in range(10, 22)}


def test_reads_without_calls_are_counted(tmp_path):
    found = sums(tmp_path, [line("Z......."), line(""), line("Z......"), line("8", tag="XM:i:")])
    assert found.reads == {"used": 1, "without_tag": 2, "length_differs": 1}
    assert found.coverage.tolist() == [1]


def test_a_file_without_calls_is_named(tmp_path):
    with pytest.raises(InputError, match=r"a\.bam: none of the first 1 aligned reads carries the tag XM"):
        check_bisulfite(write_lines(tmp_path / "a.bam", [line("")]))
    with pytest.raises(
        InputError, match=r"b\.bam: found numbers in the tag XM; wanted alignments of Bismark"
    ):
        check_bisulfite(write_lines(tmp_path / "b.bam", [line("0", tag="XM:i:")]))
    check_bisulfite(write_lines(tmp_path / "c.bam", [line(""), line("Z.......")]))


def test_an_unknown_context_is_named(tmp_path):
    with AlignmentReader(write_lines(tmp_path / "a.bam", [])) as reader:
        with pytest.raises(InputError, match=r"context: found 'CG' .*wanted one of CpG, CHG, CHH"):
            methylated_sites(reader, "chr1", 0, 9, context="CG")

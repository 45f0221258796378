"""Shifted ends of reads, by hand and against pysam."""

from collections import Counter

import numpy as np
import pysam
import pytest

from seqmill.applications.accessibility.ends import count_ends, open_ends
from seqmill.applications.accessibility.spec import Options
from seqmill.genome.reference import Reference
from seqmill.reads.fragment_file import stage_fragments

LENGTH = 400


@pytest.fixture
def genome(tmp_path):
    path = tmp_path / "genome.fa"
    path.write_text(">c1\n" + "ACGT" * (LENGTH // 4) + "\n")
    return path


def fragments(tmp_path, genome, *spans):
    (tmp_path / "f.bed").write_text("".join(f"c1\t{start}\t{end}\n" for start, end in spans))
    with Reference(genome) as reference:
        stage_fragments(tmp_path / "f.bed", reference, tmp_path / "f.bed.gz")
    return tmp_path / "f.bed.gz"


def ends(reads, genome, start=0, end=LENGTH, **options):
    with open_ends(reads, genome, Options(**options)) as reader:
        return reader.ends("c1", start, end)


def test_both_sides_of_one_cut_meet_in_its_middle(tmp_path, genome):
    """Tn5 copies nine bases: the left fragment ends with them, the right one begins with them."""
    left, right = (100, 159), (150, 210)
    positions, _, _ = ends(fragments(tmp_path, genome, left, right), genome)
    assert sorted(positions.tolist()) == [104, 154, 154, 205]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"assay": "atac"}, [14, 45]),
        ({"assay": "dnase"}, [10, 49]),
        ({"assay": "dnase", "shift_forward": 1}, [11, 49]),
        ({"assay": "atac", "shift_reverse": -5}, [14, 44]),
    ],
)
def test_shifts_count_from_the_outermost_bases(tmp_path, genome, options, expected):
    positions, _, _ = ends(fragments(tmp_path, genome, (10, 50)), genome, **options)
    assert positions.tolist() == expected


def test_filters_count_each_end_once_however_a_contig_is_cut(tmp_path, genome):
    rng = np.random.default_rng(5)
    starts = rng.integers(0, 300, 60)
    spans = [
        (int(start), int(start + size)) for start, size in zip(starts, rng.integers(5, 95, 60), strict=True)
    ]
    reads = fragments(tmp_path, genome, *spans, *spans[:7])
    given = {"min_fragment": 20, "max_fragment": 80, "assay": "dnase"}
    _, _, whole = ends(reads, genome, **given)
    pieces = Counter()
    for start in range(0, LENGTH, 37):
        pieces.update(ends(reads, genome, start, min(start + 37, LENGTH), **given)[2])
    sizes = np.array([end - start for start, end in set(spans)])
    assert whole == {
        "counted": 2 * int(((sizes >= 20) & (sizes <= 80)).sum()),
        "too_short": 2 * int((sizes < 20).sum()),
        "too_long": 2 * int((sizes > 80).sum()),
        "duplicate": 2 * (len(spans) + 7 - len(set(spans))),
    }
    assert dict(pieces) == whole


def test_molecules_tie_the_ends_of_a_fragment(tmp_path, genome):
    positions, molecules, _ = ends(
        fragments(tmp_path, genome, (10, 50), (10, 60), (10, 60)),
        genome,
        drop_duplicates=False,
        assay="dnase",
    )
    tied = {}
    for position, molecule in zip(positions.tolist(), molecules.tolist(), strict=True):
        tied.setdefault(molecule, []).append(position)
    assert sorted(sorted(of) for of in tied.values()) == [[10, 10, 59, 59], [10, 49]]


@pytest.fixture
def bam(tmp_path, genome):
    """Pairs and single reads with every reason to be left out."""
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "c1", "LN": LENGTH}]}
    rng = np.random.default_rng(6)
    records = []
    for number in range(40):
        start, size = int(rng.integers(0, 250)), int(rng.integers(40, 140))
        for flag, at, length in ((99, start, size), (147, start + size - 30, -size)):
            record = pysam.AlignedSegment()
            record.query_name, record.flag, record.reference_id = f"p{number}", flag, 0
            record.reference_start, record.cigartuples = (
                at,
                [(4, 3), (0, 25), (2, 5)] if flag == 99 else [(0, 30)],
            )
            record.query_sequence = "A" * (28 if flag == 99 else 30)
            record.mapping_quality = int(rng.choice([0, 30]))
            record.template_length, record.next_reference_id = length, 0
            record.next_reference_start = start
            record.flag |= int(rng.choice([0, 0, 0, 0x400, 0x100, 0x200]))
            records.append(record)
    records.sort(key=lambda record: record.reference_start)
    path = tmp_path / "reads.bam"
    with pysam.AlignmentFile(str(path), "wb", header=header) as handle:
        for record in records:
            handle.write(record)
    pysam.index(str(path))
    return path


def test_ends_of_alignments_are_those_that_pysam_sees(bam, genome):
    positions, _, counts = ends(bam, genome, max_fragment=120)
    expected, reasons = [], Counter()
    with pysam.AlignmentFile(str(bam)) as handle:
        for read in handle:
            if read.is_secondary:
                continue
            place = read.reference_end - 1 - 4 if read.is_reverse else read.reference_start + 4
            reason = "counted"
            if read.is_qcfail:
                reason = "failed_quality_control"
            elif read.is_duplicate:
                reason = "duplicate"
            elif read.mapping_quality < 10:
                reason = "low_mapping_quality"
            elif abs(read.template_length) > 120:
                reason = "too_long"
            reasons[reason] += 1
            if reason == "counted":
                expected.append(place)
    assert sorted(positions.tolist()) == sorted(expected)
    assert counts == dict(reasons)
    assert min(reasons.values()) > 0


def test_counts_by_base():
    assert count_ends(np.array([12, 10, 12]), 10, 14).tolist() == [1, 0, 2, 0]

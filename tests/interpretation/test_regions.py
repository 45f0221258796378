"""Regions as windows; each that is left out is counted."""

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.genome.bases import reverse_complement, sequence_of
from seqmill.genome.reference import Reference
from seqmill.interpretation.regions import Windows, bed_regions, lay_windows

SEQUENCE = "ACGTTGCAAC" * 10


@pytest.fixture
def genome(tmp_path):
    path = tmp_path / "g.fa"
    path.write_text(f">chr1\n{SEQUENCE}\n>chrMT\n{'N' * 60}{SEQUENCE[:40].lower()}\n")
    return Reference(path)


def bed(tmp_path, *lines: str):
    path = tmp_path / "r.bed"
    path.write_text("".join(line.replace(" ", "\t") + "\n" for line in lines))
    return path


def read_windows(path, genome, length: int, *, stranded: bool = False, **options) -> Windows:
    return lay_windows(bed_regions(path, genome, stranded=stranded), genome, length, **options)


def test_windows_lie_about_the_middle_of_regions(tmp_path, genome):
    found = read_windows(bed(tmp_path, "chr1 30 34", "chr1 60 81", "chrM 75 90"), genome, 20)
    assert found.contigs == ["chr1", "chr1", "chrMT"]
    assert found.starts.tolist() == [22, 60, 72]
    assert sequence_of(found.codes[0]) == SEQUENCE[22:42]
    assert sequence_of(found.codes[2]) == SEQUENCE[12:32]
    assert {k: v for k, v in found.counts.items() if v} == {"regions": 3, "used": 3, "longer_than_window": 1}


def test_what_cannot_be_used_is_counted_by_reason(tmp_path, genome):
    lines = ["chr1 0 4", "chr1 96 100", "chr2 5 9", "chrMT 50 54", "chr1 40 44"]
    found = read_windows(bed(tmp_path, *lines), genome, 20)
    assert found.counts == {
        "regions": 5,
        "used": 1,
        "longer_than_window": 0,
        "without_strand": 0,
        "not_drawn": 0,
        "unknown_contig": 1,
        "over_contig_end": 2,
        "unknown_bases": 1,
    }
    assert np.array_equal(found.codes, read_windows(bed(tmp_path, "1 40 44"), genome, 20).codes)


def test_nothing_to_use_is_an_error_that_says_why(tmp_path, genome):
    with pytest.raises(InputError, match=r"none of its 2 regions can be used \(over_contig_end 2\)"):
        read_windows(bed(tmp_path, "chr1 0 4", "chr1 96 100"), genome, 20)
    with pytest.raises(InputError, match="shares no contig"):
        read_windows(bed(tmp_path, "ctgA 0 4"), genome, 20)


def test_a_model_of_one_strand_reads_each_region_on_its_own(tmp_path, genome):
    lines = ["chr1 30 50 a 0 +", "chr1 35 55 b 0 -", "chr1 35 55 b 0 -", "chr1 60 80 c 0 .", "chr9 0 9 d 0 +"]
    found = read_windows(bed(tmp_path, *lines), genome, 20, stranded=True)
    assert found.starts.tolist() == [30, 35, 60] and found.backward.tolist() == [False, True, False]
    assert sequence_of(found.codes[0]) == SEQUENCE[30:50]
    assert sequence_of(reverse_complement(found.codes[1])) == SEQUENCE[35:55]
    assert found.on_contig(0, 3, 4) == 33 and found.on_contig(1, 3, 4) == 48
    told = {k: v for k, v in found.counts.items() if v}
    assert told == {"regions": 4, "used": 3, "without_strand": 1, "unknown_contig": 1}


def test_a_draw_takes_as_many_as_asked_and_counts_the_others(tmp_path, genome):
    lines = [f"chr1 {start} {start + 4}" for start in range(20, 80, 10)]
    found, again = (read_windows(bed(tmp_path, *lines), genome, 20, most=2, seed=3) for _ in range(2))
    assert len(found.starts) == found.counts["used"] == 2 and found.counts["not_drawn"] == 4
    assert found.starts.tolist() == again.starts.tolist() == sorted(found.starts.tolist())

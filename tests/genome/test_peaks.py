"""Peak files of the three formats, and everything that can be wrong with one."""

import gzip
from pathlib import Path

import pytest

from seqmill.errors import ConfigErrors, InputError
from seqmill.genome.peaks import Peak, read_peaks

CONTIGS = {"chr1": 1000, "chrM": 50}
NARROW = "1\t10\t20\tp1\t500\t.\t7.5\t3\t2\t4\n1\t10\t20\tp2\t.\t+\t1\t-1\t-1\t-1\n"


def written(folder: Path, text: str, name: str = "p.bed") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


@pytest.mark.parametrize("name", ["p.narrowPeak", "p.narrowPeak.gz"])
def test_narrow_peaks_have_summits(tmp_path: Path, name: str):
    found = read_peaks(written(tmp_path, NARROW, name), contigs=CONTIGS)
    assert found.peaks == (
        Peak("chr1", 10, 20, "p1", ".", 500.0, 7.5, 14),
        Peak("chr1", 10, 20, "p2", "+", 0.0, 1.0, 15),
    )
    assert found.renamed == {"1": "chr1"} and not found.unknown_contig


def test_broad_peaks_and_bed(tmp_path: Path):
    broad = written(tmp_path, "chr1\t10\t21\tp\t9\t-\t2.5\t3\t2\n", "p.broadPeak")
    assert read_peaks(broad, contigs=CONTIGS).peaks == (Peak("chr1", 10, 21, "p", "-", 9.0, 2.5, 15),)
    bed = written(tmp_path, "track x\nchr1\t10\t20\nM\t0\t50\tname\t3\t-\t0\t9\t255,0,0\n")
    found = read_peaks(bed, contigs=CONTIGS)
    assert [(p.contig, p.start, p.end, p.name, p.strand) for p in found.peaks] == [
        ("chr1", 10, 20, "", "."),
        ("chrM", 0, 50, "name", "-"),
    ]
    assert read_peaks(bed, contigs=CONTIGS, kind="bed") == found


def test_peaks_on_contigs_that_the_reference_lacks_are_counted(tmp_path: Path):
    found = read_peaks(written(tmp_path, "alt\t1\t9\nalt\t5\t9\nchr1\t1\t9\nx\t1\t2\n"), contigs=CONTIGS)
    assert len(found.peaks) == 1
    assert found.unknown_contig == {"alt": 2, "x": 1}


def test_all_bad_lines_come_at_once(tmp_path: Path):
    lines = [
        "chr1\t1\t9\tp\t0\t.\t1\t1\t1\t8",  # the summit is behind the end
        "chr1\t1\t9",
        "chr1\tx\t9\tp\t0\t.\t1\t1\t1\t1",
        "chr1\t9\t9\tp\t0\t.\t1\t1\t1\t1",
        "chr1\t-1\t9\tp\t0\t.\t1\t1\t1\t1",
        "chr1\t1\t1001\tp\t0\t.\t1\t1\t1\t1",
        "chr1\t1\t9\tp\t0\t?\t1\t1\t1\t1",
        "chr1\t1\t9\tp\thigh\t.\t1\t1\t1\t1",
        "chr1\t1\t9\tp\t0\t.\t1\t1\t1\t7",
    ]
    with pytest.raises(ConfigErrors) as error:
        read_peaks(written(tmp_path, "\n".join(lines), "p.narrowPeak"), contigs=CONTIGS)
    assert len(error.value.problems) == 8
    assert [problem.split(":")[0] for problem in error.value.problems] == [f"line {n}" for n in range(1, 9)]
    assert "found 3 columns separated by tabs, wanted 10" in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "found no peak"), ("alt\t1\t9\n", "found peaks on 'alt' alone, wanted some on .*'chr1', 'chrM'")],
)
def test_a_file_of_no_use_is_refused(tmp_path: Path, text: str, message: str):
    with pytest.raises(InputError, match=message):
        read_peaks(written(tmp_path, text), contigs=CONTIGS)


def test_an_unknown_format_is_named(tmp_path: Path):
    with pytest.raises(InputError, match=r"'narowPeak' \(did you mean 'narrowPeak'\?\)"):
        read_peaks(written(tmp_path, NARROW), contigs=CONTIGS, kind="narowPeak")

"""Files of fragments, by hand-written tables and a pileup of their spans."""

import gzip

import numpy as np
import pysam
import pytest

from seqmill.errors import InputError
from seqmill.genome.reference import Reference
from seqmill.reads.fragment_file import read_fragments, stage_fragments
from seqmill.reads.report import fragment_report


@pytest.fixture
def genome(tmp_path):
    path = tmp_path / "genome.fa"
    path.write_text(">chr1\n" + "ACGTACGTAC" * 10 + "\n>chrMT\n" + "ACGT" * 10 + "\n")
    with Reference(path) as reference:
        yield reference


def stage(tmp_path, genome, text, **options):
    given, output = tmp_path / "given.bed", tmp_path / "staged.bed.gz"
    given.write_text(text)
    return stage_fragments(given, genome, output, **options), output


def test_fragments_are_sorted_counted_and_indexed(tmp_path, genome):
    text = "#made by hand\nchr1\t50\t80\tcell\t2\nchr1\t10\t60\nchr1\t50\t80\nchr9\t1\t5\nchr1\t90\t120\n"
    staged, output = stage(tmp_path, genome, text)
    assert gzip.open(output, "rt").read() == "chr1\t10\t60\nchr1\t50\t80\nchr1\t50\t80\n"
    assert (staged.total, staged.repeated) == (5, 1)
    assert staged.dropped == {"unknown_contig": 1, "beyond_contig": 1}
    assert staged.contig_mismatches == ("'chr9' is not in the reference",)
    assert read_fragments(output, "chr1", 60, 61).tolist() == [[50, 80], [50, 80]]
    assert read_fragments(output, "chr1", 0, 10).tolist() == []
    assert read_fragments(output, "chrMT", 0, 10).shape == (0, 2)


def test_depth_is_that_of_a_pileup(tmp_path, genome):
    rng = np.random.default_rng(4)
    starts = rng.integers(0, 80, 40)
    spans = [(start, start + length) for start, length in zip(starts, rng.integers(1, 20, 40), strict=True)]
    staged, _ = stage(tmp_path, genome, "".join(f"chr1\t{start}\t{end}\n" for start, end in spans))
    depth = np.zeros(100, int)
    for start, end in spans:
        depth[start:end] += 1
    found = staged.coverage["chr1"]
    assert found.depths.tolist() == np.bincount(depth, minlength=256).tolist()
    assert (found.bases, found.reads) == (depth.sum(), 80)


def test_pairs_of_mates_reach_from_the_first_base_to_the_last(tmp_path, genome):
    text = "chr1\t40\t50\tchr1\t20\t30\tpair\t60\t+\t-\nchr1\t1\t9\tchrMT\t1\t9\tapart\t60\t+\t-\n"
    staged, output = stage(tmp_path, genome, text)
    assert read_fragments(output, "chr1", 0, 100).tolist() == [[20, 50]]
    assert staged.dropped == {"two_contigs": 1}


def test_contigs_of_another_name_are_renamed_and_told(tmp_path, genome):
    staged, output = stage(tmp_path, genome, "chrM\t1\t9\nchr1\t2\t8\n", rename_contigs="chr")
    assert staged.contig_mismatches == ("'chrM' is 'chrMT' in the reference (renamed)",)
    with pysam.TabixFile(str(output)) as handle:
        assert handle.contigs == ["chr1", "chrMT"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\t2\t9\n", r"found '1', wanted 'chr1'; add --rename-contigs chr"),
        ("scaffold\t2\t9\n", r"shares no contig with .*genome.fa: found 'scaffold'"),
        ("chr1\t2\n", r"line 1 is 'chr1 2'; wanted 'contig<TAB>start<TAB>end'"),
        ("chr1\t9\t9\n", r"line 1: 9 to 9; wanted 0 <= start < end"),
        ("chr1\t2\t9\tread\t60\t+\n", r"line 1 has the strand '\+' and is a single read"),
        ("# nothing\n", r"holds no fragment"),
    ],
)
def test_other_files_are_refused(tmp_path, genome, text, said):
    with pytest.raises(InputError, match=said):
        stage(tmp_path, genome, text)
    assert not (tmp_path / "staged.bed.gz").exists()


def test_the_report_counts_a_fragment_as_two_reads(tmp_path, genome):
    staged, _ = stage(tmp_path, genome, "chr1\t10\t60\nchr1\t10\t60\nchr9\t1\t5\n")
    report = fragment_report(staged, genome, sample="ada", inputs=[tmp_path / "given.bed"])
    assert {key: report[key] for key in ("reads", "mapped", "duplicates", "mean_depth")} == {
        "reads": 6,
        "mapped": 4,
        "duplicates": 2,
        "mean_depth": 1.0,
    }
    assert report["insert_size"]["median"] == 50
    assert report["fragments_dropped"] == {"unknown_contig": 1}

"""Tables of regions: staged, named, and read back by where they begin."""

import gzip

import pytest

from seqmill.errors import ConfigErrors, InputError
from seqmill.genome.intervals import Interval
from seqmill.genome.labelled import read_labelled
from seqmill.genome.reference import Reference
from seqmill.reads.region_file import stage_regions

HEADER = "#contig\tstart\tend\tname\tscore\tstrand\tlevel\n"


@pytest.fixture
def genome(tmp_path):
    path = tmp_path / "genome.fa"
    path.write_text(">chr1\n" + "ACGTACGTAC" * 10 + "\n>chrMT\n" + "ACGT" * 10 + "\n")
    with Reference(path) as reference:
        yield reference


def stage(tmp_path, genome, text, **options):
    given, output = tmp_path / "given.bed", tmp_path / "staged.bed.gz"
    given.write_text(text)
    return stage_regions(given, genome, output, **options), output


def test_regions_are_sorted_counted_and_keep_their_columns(tmp_path, genome):
    text = HEADER + (
        "chr1\t50\t80\tb\t0\t-\t1.5\nchr1\t10\t60\ta\t0\t+\t2\n"
        "chr9\t1\t5\tc\t0\t.\t3\nchr1\t90\t120\td\t0\t.\t4\n"
    )
    staged, output = stage(tmp_path, genome, text)
    assert gzip.open(output, "rt").read() == (
        HEADER + "chr1\t10\t60\ta\t0\t+\t2\nchr1\t50\t80\tb\t0\t-\t1.5\n"
    )
    assert (staged.total, staged.kept) == (4, 2)
    assert staged.dropped == {"unknown_contig": 1, "beyond_contig": 1}
    assert staged.coverage["chr1"].depths[:3].tolist() == [30, 60, 10]


def test_regions_are_read_by_where_they_begin(tmp_path, genome):
    text = HEADER + "chr1\t10\t60\ta\t0\t+\t2\nchr1\t50\t80\t7\t0\t-\t1.5\nchrMT\t0\t4\tc\t0\t.\t1\n"
    _, output = stage(tmp_path, genome, text)
    whole = read_labelled(output, [Interval("chr1", 0, 100), Interval("chrMT", 0, 40)])
    assert whole["name"].tolist() == ["a", "7", "c"]
    assert whole["level"].tolist() == [2.0, 1.5, 1.0]
    halves = [read_labelled(output, [Interval("chr1", *span)]) for span in ((0, 50), (50, 100))]
    assert [half["start"].tolist() for half in halves] == [[10], [50]]
    empty = read_labelled(output, [Interval("chr1", 90, 100), Interval("chr7", 0, 5)])
    assert (len(empty), list(empty.columns)) == (0, list(whole.columns))


def test_a_table_without_a_header_is_named_as_bed(tmp_path, genome):
    _, output = stage(tmp_path, genome, "chr1\t1\t9\ta\t0\t+\tx\n")
    table = read_labelled(output, [Interval("chr1", 0, 100)])
    assert list(table.columns) == ["contig", "start", "end", "name", "score", "strand", "column_7"]


def test_a_header_of_other_width_is_no_header(tmp_path, genome):
    _, output = stage(tmp_path, genome, "# made by hand\nchr1\t1\t9\ta\n")
    assert gzip.open(output, "rt").readline() == "#contig\tstart\tend\tname\n"


def test_contigs_of_another_name_are_renamed_and_told(tmp_path, genome):
    staged, output = stage(tmp_path, genome, "chrM\t1\t9\nchr1\t2\t8\n", rename_contigs="chr")
    assert staged.contig_mismatches == ("'chrM' is 'chrMT' in the reference (renamed)",)
    assert read_labelled(output, [Interval("chrMT", 0, 40)])["start"].tolist() == [1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\t2\t9\n", r"found '1', wanted 'chr1'; add --rename-contigs chr"),
        ("scaffold\t2\t9\n", r"shares no contig with .*genome.fa: found 'scaffold'"),
        ("# nothing\n", r"holds no region"),
    ],
)
def test_other_files_are_refused(tmp_path, genome, text, said):
    with pytest.raises(InputError, match=said):
        stage(tmp_path, genome, text)
    assert not (tmp_path / "staged.bed.gz").exists()


def test_all_wrong_lines_are_told_at_once(tmp_path, genome):
    text = "chr1\t2\t8\ta\t0\t+\nchr1\t2\nchr1\tx\t9\ta\t0\t+\nchr1\t9\t9\ta\t0\t+\nchr1\t1\t9\ta\t0\t*\n"
    with pytest.raises(ConfigErrors) as caught:
        stage(tmp_path, genome, text)
    assert list(caught.value.problems) == [
        "line 2: found 2 columns separated by tabs, wanted 6 as in the lines before",
        "line 3: found 'x' to '9', wanted whole numbers",
        "line 4: found 9 to 9, wanted 0 <= start < end",
        "line 5: found strand '*' in column 6, wanted one of +, -, .",
    ]

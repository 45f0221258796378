"""Staging: what is done is skipped, what is missing is done, what is wrong is refused whole."""

import shutil

import pysam
import pytest

from seqmill.errors import InputError
from seqmill.files import sha256_file
from seqmill.reads.fragments import Lane
from seqmill.reads.pseudonymised import read_pseudonym
from seqmill.reads.samtools import samtools
from seqmill.reads.stage import stage
from tests.reads.sequencing import header, records

MARKED = ("mates fixed", "sorted", "duplicates marked", "header rewritten")


def comparable(path):
    """All fields of all reads; reads of one place come in any order, and CRAM adds MD."""
    lines = [read.to_string().split("\t") for read in records(path)]
    places = [(line[2], int(line[3])) for line in lines]
    assert places == sorted(places)
    return sorted((line[:11], sorted(tag for tag in line[11:] if tag[:2] != "MD")) for line in lines)


def same_reads(one, other):
    return comparable(one) == comparable(other)


def unmarked(source, target, *, groups=True, **header_line):
    """Write a staged BAM as an aligner leaves it: nobody marked duplicates, and HD as given."""
    with pysam.AlignmentFile(str(source)) as reads:
        lines = reads.header.to_dict()
        lines["PG"] = [{"ID": "bwa", "PN": "bwa"}]
        lines["HD"] = {"VN": "1.6", **header_line}
        if not groups:
            lines.pop("RG")
        with pysam.AlignmentFile(str(target), "wb", header=lines) as handle:
            for read in reads:
                read.is_duplicate = False
                for tag in ("MC", "ms", "MQ", *(() if groups else ("RG",))):
                    read.set_tag(tag, None)
                handle.write(read)
    return target


def renamed(fasta, target, change):
    """Write the reference with each line changed."""
    target.write_text("".join(map(change, fasta.read_text().splitlines(keepends=True))))
    return target


@pytest.fixture
def cram(staged_bam, fasta, tmp_path):
    path = tmp_path / "ada.cram"
    samtools("view", "-C", "--no-PG", "-T", fasta, "-o", path, staged_bam)
    return path


@pytest.fixture
def output(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "ada.bam"


def test_fastq(paired_fastq, fasta, staged_bam, output):
    staged = stage("ada", [Lane(*paired_fastq)], fasta, output, aligner="mappy")
    assert sha256_file(output) == sha256_file(staged_bam)
    assert staged.steps[0].startswith("aligned with mappy 2")
    assert staged.contig_mismatches == ()


def test_finished_bam_is_linked(staged_bam, fasta, output, capfd):
    staged = stage("ada", staged_bam, fasta, output)
    assert staged.steps == ("linked",)
    assert output.is_symlink() and output.resolve() == staged_bam.resolve()
    assert output.with_name("ada.bam.bai").read_bytes() == staged_bam.with_name("ada.bam.bai").read_bytes()
    assert sorted(path.name for path in output.parent.iterdir()) == ["ada.bam", "ada.bam.bai"]
    assert capfd.readouterr().err == ""


def test_missing_index_is_built_and_told(staged_bam, fasta, tmp_path, output, capfd):
    bare = shutil.copy(staged_bam, tmp_path / "bare.bam")
    stage("ada", bare, fasta, output)
    assert "bare.bam: has no up-to-date index; one is built" in capfd.readouterr().err
    with pysam.AlignmentFile(str(output)) as handle:
        assert handle.has_index()
        assert handle.count("chr1") > 0
    assert not bare.with_name("bare.bam.bai").exists()


def test_unmarked_bam_comes_out_as_from_fastq(staged_bam, fasta, tmp_path, output):
    delivered = unmarked(staged_bam, tmp_path / "bwa.bam", SO="coordinate")
    staged = stage("ada", delivered, fasta, output)
    assert staged.steps == MARKED
    assert same_reads(output, staged_bam)
    assert header(output)["PG"][-1]["ID"] == "seqmill-markdup"
    again = stage("ada", output, fasta, output.with_name("again.bam"))
    assert again.steps == ("linked",)


def test_staging_twice_gives_the_same_bytes(staged_bam, fasta, tmp_path, output):
    delivered = unmarked(staged_bam, tmp_path / "bwa.bam", SO="coordinate")
    stage("ada", delivered, fasta, output)
    stage("ada", delivered, fasta, output.with_name("again.bam"), threads=3)
    assert sha256_file(output) == sha256_file(output.with_name("again.bam"))


def test_read_group_is_added(staged_bam, fasta, tmp_path, output):
    delivered = unmarked(staged_bam, tmp_path / "bare.bam", groups=False, SO="coordinate")
    assert stage("ada", delivered, fasta, output).steps == (*MARKED, "read group added")
    assert header(output)["RG"] == [{"ID": "ada.1", "SM": "ada", "LB": "ada"}]
    assert {read.get_tag("RG") for read in records(output)} == {"ada.1"}


def test_sample_gets_its_name(staged_bam, fasta, output, capfd):
    assert stage("bo", staged_bam, fasta, output).steps == ("header rewritten",)
    assert header(output)["RG"][0]["SM"] == "bo"
    assert same_reads(output, staged_bam)
    assert "its sample 'ada' is called 'bo' from here on" in capfd.readouterr().err


def test_cram(cram, staged_bam, fasta, output):
    assert stage("ada", cram, fasta, output).steps == ("decoded",)
    assert not output.is_symlink()
    assert same_reads(output, staged_bam)


def test_unmarked_cram(staged_bam, fasta, tmp_path, output):
    delivered = unmarked(staged_bam, tmp_path / "bwa.bam", SO="coordinate")
    samtools("view", "-C", "--no-PG", "-T", fasta, "-o", tmp_path / "bwa.cram", delivered)
    assert stage("ada", tmp_path / "bwa.cram", fasta, output).steps == MARKED
    assert same_reads(output, staged_bam)


def test_reference_folder_that_cannot_be_written(cram, fasta, tmp_path, output, staged_bam):
    bare = tmp_path / "bare"
    bare.mkdir()
    shutil.copy(fasta, bare / "reference.fa")
    bare.chmod(0o555)
    try:
        stage("ada", cram, bare / "reference.fa", output)
    finally:
        bare.chmod(0o755)
    assert same_reads(output, staged_bam)


@pytest.mark.parametrize("kind", ["bam", "cram"])
def test_contigs_are_renamed(staged_bam, cram, fasta, tmp_path, output, kind):
    bare = renamed(fasta, tmp_path / "bare.fa", lambda line: line.replace(">chr", ">"))
    delivered = {"bam": staged_bam, "cram": cram}[kind]
    with pytest.raises(InputError, match="add --rename-contigs nochr"):
        stage("ada", delivered, bare, output)
    assert list(output.parent.iterdir()) == []
    staged = stage("ada", delivered, bare, output, rename_contigs="nochr")
    assert staged.contig_mismatches == (
        "'chr1' is '1' in the reference (renamed)",
        "'chr2' is '2' in the reference (renamed)",
    )
    assert [line["SN"] for line in header(output)["SQ"]] == ["1", "2"]
    with pysam.AlignmentFile(str(output)) as handle, pysam.AlignmentFile(str(staged_bam)) as before:
        assert handle.count("2") == before.count("chr2") > 0


def test_contig_the_reference_lacks(staged_bam, fasta, tmp_path, output, capfd):
    one = tmp_path / "one.fa"
    one.write_text("".join(fasta.read_text().splitlines(keepends=True)[:2]))
    staged = stage("ada", staged_bam, one, output)
    assert staged.contig_mismatches == ("'chr2' is not in the reference",)
    assert "1 of its contigs, such as 'chr2', are not in" in capfd.readouterr().err


def shuffled(source, target, **header_line):
    """Write the reads in the order of their names, under the header line given."""
    with pysam.AlignmentFile(str(source)) as reads:
        lines = reads.header.to_dict()
        lines["HD"] = {"VN": "1.6", **header_line}
        with pysam.AlignmentFile(str(target), "wb", header=lines) as handle:
            for read in sorted(reads, key=lambda read: read.query_name):
                handle.write(read)
    return target


@pytest.mark.parametrize(
    ("says", "said"),
    [
        ({"SO": "queryname"}, "not sorted by coordinate (its header says SO:queryname)"),
        ({"SO": "unsorted"}, "not sorted by coordinate (its header says SO:unsorted)"),
        ({"SO": "coordinate"}, "not sorted by coordinate (although its header says SO:coordinate)"),
        ({}, "not sorted by coordinate (its header names no order)"),
    ],
)
@pytest.mark.parametrize("marked", [True, False])
def test_unsorted_is_refused_unless_asked_for(staged_bam, fasta, tmp_path, output, says, said, marked):
    source = staged_bam if marked else unmarked(staged_bam, tmp_path / "bwa.bam", SO="coordinate")
    delivered = shuffled(source, tmp_path / "shuffled.bam", **says)
    with pytest.raises(InputError) as caught:
        stage("ada", delivered, fasta, output)
    assert said in str(caught.value)
    assert "add --sort" in str(caught.value)
    assert list(output.parent.iterdir()) == []
    staged = stage("ada", delivered, fasta, output, sort_unsorted=True)
    assert "sorted" in staged.steps
    assert same_reads(output, staged_bam)
    assert header(output)["HD"]["SO"] == "coordinate"


def test_cram_of_another_reference(cram, fasta, tmp_path, output):
    other = renamed(fasta, tmp_path / "other.fa", lambda line: line.replace("ACGT", "ACTT"))
    with pytest.raises(
        InputError, match=r"2 of its contigs, such as 'chr1', have other bases in .*other\.fa"
    ):
        stage("ada", cram, other, output)
    assert list(output.parent.iterdir()) == []


def test_cram_without_a_contig_of_its_reference(staged_bam, fasta, tmp_path, output, monkeypatch):
    """The reference it was written with is gone, and the one given lacks a contig that has reads."""
    monkeypatch.setenv("REF_PATH", str(tmp_path / "nowhere"))
    gone = shutil.copy(fasta, tmp_path / "gone.fa")
    samtools("view", "-C", "-T", gone, "-o", tmp_path / "ada.cram", staged_bam)
    gone.unlink()
    one = tmp_path / "one.fa"
    one.write_text("".join(fasta.read_text().splitlines(keepends=True)[:2]))
    with pytest.raises(
        InputError, match=r"ada\.cram: cannot be decoded .* wanted the reference the CRAM was written"
    ):
        stage("ada", tmp_path / "ada.cram", one, output)
    assert list(output.parent.iterdir()) == []


def test_bam_of_a_changed_reference_is_told(staged_bam, fasta, tmp_path, output, capfd):
    with pysam.AlignmentFile(str(staged_bam)) as reads:
        lines = reads.header.to_dict()
        lines["SQ"][0]["M5"] = "0" * 32
        with pysam.AlignmentFile(str(tmp_path / "m5.bam"), "wb", header=lines) as handle:
            for read in reads:
                handle.write(read)
    staged = stage("ada", tmp_path / "m5.bam", fasta, output)
    assert staged.contig_mismatches == ("'chr1' has other bases in the reference",)
    assert "1 contigs, such as 'chr1', have other bases" in capfd.readouterr().err


def test_truncated_bam_leaves_nothing(staged_bam, fasta, tmp_path, output):
    cut = tmp_path / "cut.bam"
    cut.write_bytes(staged_bam.read_bytes()[:10_000])
    with pytest.raises(InputError, match="truncated or damaged"):
        stage("ada", cut, fasta, output)
    assert list(output.parent.iterdir()) == []


def placed(path):
    """Start and mapping quality of the mapped primary reads without N, by name and bases."""
    return {
        (read.query_name, read.get_forward_sequence()): (read.reference_start, read.mapping_quality)
        for read in records(path)
        if not read.flag & 0x904 and "N" not in read.query_sequence
    }


@pytest.mark.real
def test_real_reads_from_fastq_lie_where_bwa_put_them(real_data, tmp_path):
    folder = real_data / "variants" / "na12878_chr22"
    fasta, ours, theirs = folder / "reference.fa.gz", tmp_path / "fastq.bam", tmp_path / "bam.bam"
    stage("NA12878", [Lane(folder / "NA12878.chr22.tiny.fq.gz")], fasta, ours, aligner="mappy")
    stage("NA12878", folder / "NA12878.chr22.tiny.bam", fasta, theirs)
    # the file is interleaved, in the order of the genome: its mates are no neighbours
    assert sum(read.is_paired for read in records(ours)) == 2 * 1636
    assert sum(read.is_proper_pair for read in records(ours)) > 3100
    duplicates = [sum(read.is_duplicate for read in records(path)) for path in (ours, theirs)]
    assert duplicates[0] == pytest.approx(duplicates[1], rel=0.05)
    places = [placed(ours), placed(theirs)]
    shared = places[0].keys() & places[1].keys()
    sure = [key for key in shared if min(place[key][1] for place in places) >= 20]
    assert len(sure) > 2000
    assert sum(abs(places[0][key][0] - places[1][key][0]) > 5 for key in sure) <= 0.005 * len(sure)


KEY = bytes(range(16))


def named(path):
    with pysam.AlignmentFile(str(path)) as handle:
        return handle.header.to_dict(), list(handle)


@pytest.mark.parametrize("kind", ["bam", "cram", "unmarked", "fastq"])
def test_under_a_pseudonym_any_delivery_gives_the_same_reads_renamed(
    kind, staged_bam, cram, paired_fastq, fasta, tmp_path, output, capfd
):
    inputs = {
        "bam": staged_bam,
        "cram": cram,
        "unmarked": unmarked(staged_bam, tmp_path / "unmarked.bam", SO="coordinate"),
        "fastq": [Lane(*paired_fastq)],
    }[kind]
    stage("p1", inputs, fasta, output, aligner="mappy", name_key=KEY)
    header, reads = named(output)
    assert not output.is_symlink() and pysam.AlignmentFile(str(output)).has_index()
    assert header["RG"] == [{"ID": "p1.1", "SM": "p1"}]
    assert all(set(line) <= {"ID", "PN", "VN"} for line in header["PG"])
    wanted = sorted(
        (
            read_pseudonym(read.query_name.encode(), KEY).decode(),
            read.flag,
            read.reference_start,
            read.query_sequence,
        )
        for read in named(staged_bam)[1]
    )
    assert sorted((r.query_name, r.flag, r.reference_start, r.query_sequence) for r in reads) == wanted
    assert "ada" not in capfd.readouterr().err.replace(str(tmp_path), "").replace(str(staged_bam), "")


def test_under_a_pseudonym_several_samples_are_counted_and_not_named(staged_bam, fasta, tmp_path, output):
    with pysam.AlignmentFile(str(staged_bam)) as reads:
        header = reads.header.to_dict()
        header["RG"] = [{"ID": "1", "SM": "MaryMajor"}, {"ID": "2", "SM": "JonathanDoe"}]
        with pysam.AlignmentFile(str(tmp_path / "two.bam"), "wb", header=header) as handle:
            for read in reads:
                handle.write(read)
    with pytest.raises(InputError, match="reads of 2 samples, wanted one") as caught:
        stage("p1", tmp_path / "two.bam", fasta, output, name_key=KEY)
    assert "MaryMajor" not in str(caught.value)

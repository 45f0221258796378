"""``seqmill reads``: outputs whole, mistakes answered with one message and an exit code."""

import random
import sys
from types import SimpleNamespace

import pysam
import pytest

from seqmill.cli.main import main
from seqmill.files import read_json


@pytest.fixture
def place(tmp_path):
    """A reference of two contigs and twenty pairs of it as FASTQ."""
    draw = random.Random(3)
    contigs = {name: "".join(draw.choices("ACGT", k=2000)) for name in ("chr1", "chr2")}
    fasta = tmp_path / "reference.fa"
    fasta.write_text("".join(f">{name}\n{bases}\n" for name, bases in contigs.items()))
    pysam.faidx(str(fasta))
    paths = tmp_path / "r_1.fq", tmp_path / "r_2.fq"
    complement = str.maketrans("ACGT", "TGCA")
    with open(paths[0], "w") as first, open(paths[1], "w") as second:
        for number in range(20):
            fragment = contigs["chr1"][50 * number : 50 * number + 300]
            mate = fragment.translate(complement)[::-1]
            first.write(f"@p{number}/1\n{fragment[:100]}\n+\n{'I' * 100}\n")
            second.write(f"@p{number}/2\n{mate[:100]}\n+\n{'I' * 100}\n")
    (tmp_path / "out").mkdir()
    return SimpleNamespace(folder=tmp_path, fasta=fasta, fastq=paths, output=tmp_path / "out" / "s.bam")


@pytest.fixture
def seqmill(place, monkeypatch, capfd):
    """Run the verb; gives exit code and stderr."""

    def run(*arguments):
        fixed = ["--sample", "s", "--reference", place.fasta, "--aligner", "mappy"]
        fixed += ["--output", place.output, "--report", place.output.with_name("s.report.json")]
        monkeypatch.setattr(sys, "argv", ["seqmill", "reads", *map(str, [*fixed, *arguments])])
        with pytest.raises(SystemExit) as caught:
            main()
        return caught.value.code or 0, capfd.readouterr().err

    return run


def outputs(place):
    return sorted(path.name for path in place.output.parent.iterdir())


def test_fastq_pair(place, seqmill):
    code, _ = seqmill("--fastq", f"{place.fastq[0]},{place.fastq[1]}")
    assert code == 0
    assert outputs(place) == ["s.bam", "s.bam.bai", "s.report.json"]
    report = read_json(place.output.with_name("s.report.json"))
    assert (report["reads"], report["properly_paired"]) == (40, 40)
    assert [entry["name"] for entry in report["inputs"]] == ["r_1.fq", "r_2.fq"]


def test_several_lanes(place, seqmill):
    code, _ = seqmill("--fastq", f"{place.fastq[0]},{place.fastq[1]}", "--fastq", place.fastq[0])
    assert code == 0
    assert read_json(place.output.with_name("s.report.json"))["reads"] == 60


def test_help_shows_an_example(monkeypatch, capfd):
    monkeypatch.setattr(sys, "argv", ["seqmill", "reads", "--help"])
    with pytest.raises(SystemExit):
        main()
    assert (
        "Example:\n    seqmill reads --sample ada --fastq ada_L1_R1.fq.gz,ada_L1_R2.fq.gz"
        in capfd.readouterr().out
    )


def bad_quality(place):
    place.fastq[1].write_text(place.fastq[1].read_text().replace("I" * 100, "I" * 99, 1))
    return [
        "--fastq",
        f"{place.fastq[0]},{place.fastq[1]}",
    ], "r_2.fq: read 1 (line 1) 'p0/2': the quality string"


def lost_read(place):
    place.fastq[1].write_text("".join(place.fastq[1].read_text().splitlines(keepends=True)[:-4]))
    return ["--fastq", f"{place.fastq[0]},{place.fastq[1]}"], "r_1.fq holds 20 reads and "


def no_reads(place):
    return [], "give one of --fastq, --alignments, --fragments and --regions"


def both_kinds(place):
    return [
        "--fastq",
        place.fastq[0],
        "--alignments",
        "a.bam",
    ], "give one of --fastq, --alignments, --fragments and --regions"


def no_such_bam(place):
    return ["--alignments", place.folder / "none.bam"], "none.bam: no such alignment file"


def not_a_bam(place):
    return ["--alignments", place.fastq[0]], "r_1.fq: found a file of another format, wanted BAM or CRAM"


def no_such_reference(place):
    return [
        "--fastq",
        place.fastq[0],
        "--reference",
        place.folder / "none.fa",
    ], "none.fa: there is no such reference"


def no_such_aligner(place):
    return ["--fastq", place.fastq[0], "--aligner", "bwaa"], "found 'bwaa' (did you mean 'bwa'?)"


@pytest.mark.parametrize(
    "mistake",
    [
        bad_quality,
        lost_read,
        no_reads,
        both_kinds,
        no_such_bam,
        not_a_bam,
        no_such_reference,
        no_such_aligner,
    ],
)
def test_mistakes(place, seqmill, mistake):
    arguments, said = mistake(place)
    code, stderr = seqmill(*arguments)
    assert code == 2
    assert said in stderr
    assert "Traceback" not in stderr
    assert stderr.count("error: ") == 1
    assert outputs(place) == []


def test_renaming_and_sorting(place, seqmill):
    seqmill("--fastq", f"{place.fastq[0]},{place.fastq[1]}")
    bam = place.output.rename(place.folder / "delivered.bam")
    place.output.with_name("s.bam.bai").unlink()
    place.output.with_name("s.report.json").unlink()
    pysam.sort("-n", "-o", str(place.folder / "by_name.bam"), str(bam))
    place.fasta.write_text(place.fasta.read_text().replace(">chr", ">"))
    place.fasta.with_name("reference.fa.fai").unlink()
    arguments = ["--alignments", place.folder / "by_name.bam"]
    for option, said in (
        (["--rename-contigs", "nochr"], "--rename-contigs nochr"),
        (["--sort"], "add --sort"),
    ):
        code, stderr = seqmill(*arguments)
        assert (code, outputs(place)) == (2, [])
        assert said in stderr
        arguments += option
    code, stderr = seqmill(*arguments)
    assert code == 0
    report = read_json(place.output.with_name("s.report.json"))
    assert list(report["contigs"]) == ["1"]
    assert report["contig_mismatches"][0] == "'chr1' is '1' in the reference (renamed)"


def test_fragments_are_staged_beside_their_report(place, seqmill):
    given = place.folder / "f.bed"
    given.write_text("chr2\t5\t90\nchr1\t10\t60\nchrX\t1\t2\n")
    place.output = place.output.with_name("s.bed.gz")
    code, _ = seqmill("--fragments", given)
    assert code == 0
    assert outputs(place) == ["s.bed.gz", "s.bed.gz.tbi", "s.report.json"]
    report = read_json(place.output.with_name("s.report.json"))
    assert (report["reads"], report["mapped"], report["fragments_dropped"]) == (6, 4, {"unknown_contig": 1})


def test_fragments_want_an_ending_of_their_own(place, seqmill):
    (place.folder / "f.bed").write_text("chr1\t10\t60\n")
    code, stderr = seqmill("--fragments", place.folder / "f.bed")
    assert code == 2
    assert "s.bam: found another ending, wanted .bed.gz" in stderr


def test_regions_are_staged_beside_their_report(place, seqmill):
    given = place.folder / "peaks.bed"
    given.write_text("#contig\tstart\tend\tname\nchr2\t5\t90\tb\nchr1\t10\t60\ta\nchrX\t1\t2\tc\n")
    place.output = place.output.with_name("s.bed.gz")
    code, _ = seqmill("--regions", given)
    assert code == 0
    assert outputs(place) == ["s.bed.gz", "s.bed.gz.tbi", "s.report.json"]
    report = read_json(place.output.with_name("s.report.json"))
    assert (report["reads"], report["mapped"], report["regions_dropped"]) == (3, 2, {"unknown_contig": 1})


def test_under_a_pseudonym_no_name_of_a_file_is_told(place, monkeypatch, capfd):
    monkeypatch.setenv("SEQMILL_KEY", "0f" * 32)
    named = [place.folder / f"MaryMajor_{mate}.fq" for mate in (1, 2)]
    for path, new in zip(place.fastq, named, strict=True):
        path.rename(new)
    arguments = ["--sample", "p1", "--reference", place.fasta, "--aligner", "mappy", "--output", place.output]
    arguments += ["--report", place.output.with_name("p1.report.json"), "--pseudonymous"]
    monkeypatch.setattr(
        sys, "argv", ["seqmill", "reads", *map(str, [*arguments, "--fastq", f"{named[0]},{named[1]}"])]
    )
    with pytest.raises(SystemExit) as caught:
        main()
    assert not caught.value.code
    told = capfd.readouterr()
    report = place.output.with_name("p1.report.json").read_text()
    assert "MaryMajor" not in told.out + told.err + report and str(place.folder) not in report
    assert [one["name"] for one in read_json(place.output.with_name("p1.report.json"))["inputs"]] == [
        "p1.1.fq",
        "p1.2.fq",
    ]
    named[1].write_text("@MaryMajor\nAC\n")
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert "MaryMajor_2" not in (message := capfd.readouterr().err) and "p1.2.fq" in message

"""Peaks of planted sites, which program and format, and what is refused."""

import pysam
import pytest

from seqmill.errors import InputError
from seqmill.genome.intervals import Interval
from seqmill.genome.labelled import read_labelled
from seqmill.genome.reference import Reference
from seqmill.peaks.call import Library, call_peaks, known_bases
from seqmill.peaks.options import PeakOptions
from tests.peaks import chip
from tests.peaks.stand_in import CALLER, PEAK, needs_caller


def library(world, name, kind):
    reads = len(world.drawn[name]) * (2 if kind == "paired" else 1)
    report = {"sample": name, "reads": reads, "paired": reads if kind == "paired" else 0}
    return Library(world.folder / f"{name}.{kind}.bam", report)


def call(world, output, *, control=None, kind="paired", factor=None, **options):
    with Reference(world.genome) as reference:
        background = library(world, "input", control) if control else None
        treatment = library(world, "chip", kind)
        return call_peaks(
            treatment, background, reference, output, options=PeakOptions(**options), factor=factor
        )


def table(path):
    return read_labelled(path, [Interval(name, 0, length) for name, length in chip.CONTIGS.items()])


@needs_caller
@pytest.mark.parametrize(
    ("kind", "more", "form"), [("paired", {}, "BAMPE"), ("single", {"fragment_length": chip.LENGTH}, "BAM")]
)
def test_the_programs_peaks_are_the_planted_sites(world, tmp_path, kind, more, form):
    found = call(world, tmp_path / "chip.bed.gz", kind=kind, control=kind, caller=CALLER, **more)
    peaks = table(tmp_path / "chip.bed.gz")
    assert found["called"] == found["kept"] == len(peaks)
    assert (found["format"], found["genome_size"]) == (form, sum(chip.CONTIGS.values()))
    assert abs(found["fragment_length"] - chip.LENGTH) <= 3
    summits = peaks["start"] + peaks["peak"]
    reached, near = 0, 0
    for contig, sites in world.sites.items():
        there = peaks["contig"] == contig
        for site in sites:
            reached += int(((peaks["start"] <= site) & (site < peaks["end"]))[there].any())
            near += int(((summits - site).abs() <= 50)[there].any())
    wanted = sum(map(len, world.sites.values()))
    assert reached >= 0.98 * wanted and near >= 0.95 * wanted
    assert len(peaks) <= wanted / 0.98


@pytest.mark.parametrize(
    ("kind", "control", "asked", "form"),
    [
        ("paired", None, "auto", "BAMPE"),
        ("paired", "paired", "auto", "BAMPE"),
        ("paired", "single", "auto", "BAM"),
        ("single", None, "auto", "BAM"),
        ("single", "paired", "auto", "BAM"),
        ("paired", "paired", "BAM", "BAM"),
    ],
)
def test_the_format_is_that_of_both_libraries(world, tmp_path, program, kind, control, asked, form):
    words = program()
    found = call(world, tmp_path / "chip.bed.gz", kind=kind, control=control, format=asked)
    assert found["format"] == form
    assert f"-f\n{form}\n" in words.read_text()
    assert list(found["reads"]) == (["treatment", "control"] if control else ["treatment"])


def test_pairs_that_are_asked_for_have_to_be_there(world, tmp_path, program):
    program()
    with pytest.raises(InputError, match=r"peaks.format: found BAMPE, but .* of input only 0 are"):
        call(world, tmp_path / "chip.bed.gz", control="single", format="BAMPE")


def test_the_table_has_named_columns_and_what_lies_beyond_a_contig_is_counted(world, tmp_path, program):
    program(PEAK + PEAK.replace("\t100\t300\t", f"\t5\t{chip.CONTIGS['c1'] + 9}\t"))
    found = call(world, tmp_path / "chip.bed.gz", factor="CTCF")
    assert (found["called"], found["kept"], found["dropped"]) == (2, 1, {"beyond_contig": 1})
    (row,) = table(tmp_path / "chip.bed.gz").to_dict("records")
    assert (row["start"], row["end"], row["peak"], row["factor"]) == (100, 300, 80, "CTCF")
    assert (row["fold_enrichment"], row["p_value"], row["q_value"]) == (4.0, 9.1, 7.2)


def test_without_a_factor_there_is_no_such_column(world, tmp_path, program):
    program()
    call(world, tmp_path / "chip.bed.gz")
    assert "factor" not in table(tmp_path / "chip.bed.gz")


def test_no_peak_is_an_error_and_nothing_is_left(world, tmp_path, program):
    program("")
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError, match=r"macs3 called no peak at q <= 0.05 from .* raise peaks.q_value"):
        call(world, tmp_path / "out" / "chip.bed.gz")
    assert not list((tmp_path / "out").iterdir())


def test_the_genome_is_as_large_as_its_known_bases(tmp_path, world, program):
    fasta = tmp_path / "some.fa"
    fasta.write_text(">a\nACGTNNNNac\n>b\nRRGT\n")
    pysam.faidx(str(fasta))
    with Reference(fasta) as reference:
        assert known_bases(reference) == 8
    words = program()
    assert call(world, tmp_path / "chip.bed.gz", genome_size=77)["genome_size"] == 77
    assert "-g\n77\n" in words.read_text()

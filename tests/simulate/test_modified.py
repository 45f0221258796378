"""A sample with planted modifications: its reads, and the levels beside them."""

import gzip
import hashlib

import pytest

from seqmill.genome.reference import Reference
from seqmill.reads.modifications import modified_sites
from seqmill.reads.reader import AlignmentReader
from seqmill.simulate.build import simulate
from seqmill.simulate.plan import ContigPlan, MarkPlan, ModifiedPlan, Plan, SamplePlan

MARKS = {"6mA": MarkPlan(motif="GATC", offset=1, level=0.9), "5mC": MarkPlan(motif="CCWGG", offset=1)}
PLAN = Plan(
    seed=3,
    contigs={"a": ContigPlan(random=6_000), "b": ContigPlan(random=4_000)},
    samples={
        "ada": SamplePlan(contigs=("a", "b"), depth=20, modified=ModifiedPlan(marks=MARKS)),
        "bo": SamplePlan(contigs=("b",), depth=20, modified=ModifiedPlan(marks=MARKS, noise=0.3)),
    },
)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    simulate(PLAN, folder)
    return folder


def digests(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def rows(path):
    with gzip.open(path, "rt") as handle:
        return [line.rstrip("\n").split("\t") for line in handle]


def test_reads_and_levels_are_there_and_no_mask(built):
    reads = {"reads.bam", "reads.bam.bai", "levels.bed.gz"}
    expected = {f"{name}/{file}" for name in ("ada", "bo") for file in reads}
    assert set(digests(built)) == expected | {"reference.fa", "reference.fa.fai"}


def test_building_again_gives_the_same_bytes(built, tmp_path):
    simulate(PLAN, tmp_path / "again", threads=2)
    assert digests(tmp_path / "again") == digests(built)


def test_levels_are_told_at_every_base_that_can_carry_a_mark(built):
    with Reference(built / "reference.fa") as reference:
        text = {name: reference.fetch(name, 0, length) for name, length in reference.contigs.items()}
    turned = str.maketrans("ACGT", "TGCA")
    told = rows(built / "ada" / "levels.bed.gz")
    assert len(told) == sum(map(len, text.values()))  # each base is an A or a C of one of the strands
    for contig, start, end, code, _, strand, *_, percent in told:
        at = int(start)
        around = text[contig][max(at - 2, 0) : at + 3]
        if not 2 <= at < len(text[contig]) - 3:
            continue
        motif = around if strand == "+" else around[::-1].translate(turned)
        assert (int(end) - at, code) == (1, {"A": "a", "C": "m"}[motif[2]])
        assert (float(percent) == 90) == (motif[1:5] == "GATC")
        if code == "m":
            behind = text[contig][at - 1 : at + 4] if strand == "+" else text[contig][at - 3 : at + 2]
            assert (float(percent) == 95) == (behind in ("CCAGG", "CCTGG"))


def test_the_reads_carry_the_levels(built):
    planted = {
        (int(start), strand): float(percent)
        for contig, start, _, code, _, strand, *_, percent in rows(built / "bo" / "levels.bed.gz")
        if code == "a"
    }
    means = {}
    for name in ("ada", "bo"):
        with AlignmentReader(built / name / "reads.bam") as reader:
            found = modified_sites(reader, "b", 0, 4_000, mark="6mA")
        level = found.probability / found.coverage
        at_motif = [
            planted[at, "+" if strand > 0 else "-"] == 90
            for at, strand in zip(found.position.tolist(), found.strand.tolist(), strict=True)
        ]
        assert sum(at_motif) >= 8
        means[name] = level[at_motif].mean()
    assert means["ada"] > 0.7 > means["bo"] > 0.4

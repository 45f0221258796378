"""Variants of a file with their effects, and files that do not belong together."""

import gzip
from pathlib import Path

import numpy as np
import pysam
import pytest
import torch

from seqmill.applications.sequence import SequenceModel
from seqmill.errors import InputError
from seqmill.files import sha256_file
from seqmill.genome.bases import sequence_of
from seqmill.interpretation import effects as stage
from seqmill.interpretation.effects import annotate_variants
from seqmill.lineage.read import read_lineage
from seqmill.origin import Node

SEQUENCE = sequence_of(np.random.default_rng(1).integers(0, 4, 400, dtype=np.uint8))
HEAD = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=400>\n##contig=<ID=chrM,length=200>\n"
    '##contig=<ID=odd>\n##INFO=<ID=DP,Number=1,Type=Integer,Description="d">\n'
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="g">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tada\tbo\n"
)


def counted(windows: torch.Tensor) -> torch.Tensor:
    """Count G and C, and pairs of A."""
    return torch.stack([windows[:, 1:3].sum((1, 2)), (windows[:, 0, 1:] * windows[:, 0, :-1]).sum(1)], 1)


MODEL = SequenceModel(function=counted, length=40, outputs=("gc", "a pairs"))


def other(base: str) -> str:
    return {"A": "G", "G": "A", "C": "T", "T": "C"}[base]


def line(contig: str, start: int, ref: str, alts: str) -> str:
    return f"{contig}\t{start + 1}\t.\t{ref}\t{alts}\t9\tPASS\tDP=7\tGT\t0/1\t1/1\n"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    (tmp_path / "g.fa").write_text(f">chr1\n{SEQUENCE}\n>chrMT\n{SEQUENCE[:100]}{'N' * 100}\n")
    monkeypatch.setattr(stage, "open_model", lambda path: (MODEL, {}))
    node = Node(kind="checkpoint", name="m.ckpt", digest="ab", of="weights")
    monkeypatch.setattr(stage, "origin", lambda path, facts: node)
    return tmp_path


def run(folder: Path, *lines: str, output: str = "out.vcf.gz", head: str = HEAD, **more) -> dict[str, int]:
    (folder / "in.vcf").write_text(head + "".join(lines))
    return annotate_variants(
        Path("m.ckpt"),
        reference=folder / "g.fa",
        vcf=folder / "in.vcf",
        output=folder / output,
        table=folder / "out.tsv",
        **more,
    )


def gc_change(ref: str, alt: str) -> int:
    return sum(base in "GC" for base in alt) - sum(base in "GC" for base in ref)


def test_effects_stand_in_the_records_and_in_the_table(folder):
    ref = SEQUENCE[100]
    lines = [
        line("chr1", 100, ref, f"{other(ref)},{ref}"),
        line("chr1", 200, SEQUENCE[200], f"<DEL>,{other(SEQUENCE[200])}"),
        line("chrM", 60, SEQUENCE[60], other(SEQUENCE[60])),
    ]
    assert run(folder, *lines) == {"scored": 4, "symbolic": 1}
    with pysam.VariantFile(str(folder / "out.vcf.gz")) as found:
        first, second, third = found
        assert first.info["EFFECT_gc"] == (gc_change(ref, other(ref)), 0)
        assert first.info["LOCAL_gc"] == (abs(gc_change(ref, other(ref))), 0)
        assert first.info["DP"] == 7 and first.samples["bo"]["GT"] == (1, 1)
        assert "EFFECT_DROPPED" not in first.info
        assert second.info["EFFECT_gc"][0] is None and abs(second.info["EFFECT_gc"][1]) == 1
        assert second.info["EFFECT_DROPPED"] == ("symbolic", "none")
        assert third.contig == "chrM" and abs(third.info["EFFECT_gc"][0]) == 1
        assert found.header.info["EFFECT_a_pairs"].number == "A"
        assert [*found.fetch("chr1", 199, 201)]
    rows = [row.split("\t") for row in (folder / "out.tsv").read_text().splitlines()]
    assert rows[0][5:9] == ["reference_gc", "alternative_gc", "effect_gc", "local_gc"]
    assert [row[:5] for row in rows[1:3]] == [["chr1", "101", ".", ref, alt] for alt in (other(ref), ref)]
    assert float(rows[1][6]) - float(rows[1][5]) == float(rows[1][7]) == gc_change(ref, other(ref))
    assert (rows[3][4], rows[3][5], rows[3][-1]) == ("<DEL>", "", "symbolic")


def test_what_cannot_be_scored_is_counted(folder):
    lines = [
        line("chr1", 5, SEQUENCE[5], other(SEQUENCE[5])),
        line("chr1", 100, SEQUENCE[100], "*"),
        line("chr1", 100, SEQUENCE[100], f"{SEQUENCE[100]}N"),
        line("chr1", 120, SEQUENCE[120:150], SEQUENCE[120]),
        line("chrM", 95, SEQUENCE[95], other(SEQUENCE[95])),
        line("odd", 9, "A", "C"),
    ]
    assert run(folder, *lines) == {
        "over_contig_end": 1,
        "symbolic": 1,
        "unknown_bases": 2,
        "longer_than_half_window": 1,
        "unknown_contig": 1,
    }
    with pysam.VariantFile(str(folder / "out.vcf.gz")) as found:
        assert [one.info["EFFECT_DROPPED"][0] for one in found][-1] == "unknown_contig"


def left_a(windows: torch.Tensor) -> torch.Tensor:
    """Count A in the left half: the strand and the place matter."""
    return windows[:, 0, :20].sum(1)[:, None]


STRANDED = SequenceModel(function=left_a, length=40, outputs=("level",), both_strands=False)


def test_a_model_of_one_strand_is_asked_about_either(folder, monkeypatch):
    monkeypatch.setattr(stage, "open_model", lambda path: (STRANDED, {}))
    at = SEQUENCE.index("A", 100)
    assert run(folder, line("chr1", at, "A", "T")) == {"scored": 1}
    with pysam.VariantFile(str(folder / "out.vcf.gz")) as found:
        (record,) = found
        assert {name for name in record.info if name.startswith("EFFECT")} == {
            "EFFECT_level_forward",
            "EFFECT_level_reverse",
        }
        assert record.info["LOCAL_level_forward"] == record.info["LOCAL_level_reverse"] == (1,)


def test_windows_stay_about_regions_each_on_its_strand(folder, monkeypatch):
    monkeypatch.setattr(stage, "open_model", lambda path: (STRANDED, {}))
    at = SEQUENCE.index("A", 100)
    rows = [("chr1", at - 10, at + 30, "ahead", 0, "+"), ("chr1", at - 10, at + 30, "behind", 0, "-")]
    rows.append(("chr1", at + 25, at + 65, "far", 0, "+"))
    (folder / "p.bed").write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
    variants = [
        line("chr1", at, "A", "T"),
        line("chr1", at + 90, SEQUENCE[at + 90], other(SEQUENCE[at + 90])),
    ]
    assert run(folder, *variants, regions=folder / "p.bed") == {"scored": 1, "outside_regions": 1}
    with pysam.VariantFile(str(folder / "out.vcf.gz")) as found:
        inside, outside = found
        assert inside.info["EFFECT_level"] == (-1,) and inside.info["EFFECT_REGION"] == ("ahead",)
        assert "LOCAL_level" not in found.header.info
        assert outside.info["EFFECT_DROPPED"] == ("outside_regions",)
    rows = [row.split("\t") for row in (folder / "out.tsv").read_text().splitlines()]
    assert rows[0][5:9] == ["region", "reference_level", "alternative_level", "effect_level"]
    assert [row[5] for row in rows[1:]] == ["ahead", ""]


def test_a_model_of_single_bases_tells_gains_and_losses_near_by(folder, monkeypatch):
    """It sees a donor at each GT; a deletion left of one moves it and changes nothing."""

    def along(windows: torch.Tensor) -> torch.Tensor:
        return (windows[:, 2, :-2] * windows[:, 3, 1:-1])[:, None, :]

    model = SequenceModel(
        function=lambda windows: along(windows)[..., 0],
        length=3,
        outputs=("donor_forward",),
        both_strands=False,
        along=along,
    )
    monkeypatch.setattr(stage, "open_model", lambda path: (model, {}))
    at = SEQUENCE.index("GT", 150)
    moved = next(
        one
        for one in range(at - 40, at - 2)
        if {
            SEQUENCE[one : one + 2],
            SEQUENCE[one - 1 : one + 1],
            SEQUENCE[one - 1] + SEQUENCE[one + 1],
        }.isdisjoint({"GT"})
        and SEQUENCE[one] != SEQUENCE[one - 1]
    )
    lines = [line("chr1", moved - 1, SEQUENCE[moved - 1 : moved + 1], SEQUENCE[moved - 1])]
    assert run(folder, *lines, line("chr1", at + 1, "T", "C")) == {"scored": 2}
    with pysam.VariantFile(str(folder / "out.vcf.gz")) as found:
        deleted, changed = found
        assert changed.info["LOSS_donor_forward"] == (1,) and changed.info["GAIN_donor_forward"] == (0,)
        assert changed.info["LOSS_AT_donor_forward"] == (0,)  # told at the T of its GT
        assert deleted.info["LOSS_donor_forward"] == deleted.info["GAIN_donor_forward"] == (0,)
        assert not [name for name in found.header.info if name.startswith("LOCAL")]


def test_a_plain_file_need_not_be_sorted_and_records_without_alternative_stay(folder):
    lines = [line("chr1", 200, SEQUENCE[200], "."), line("chr1", 100, SEQUENCE[100], other(SEQUENCE[100]))]
    assert run(folder, *lines, output="out.vcf") == {"scored": 1}
    text = (folder / "out.vcf").read_text()
    assert text.count("\nchr1\t") == 2 and "##INFO=<ID=EFFECT_gc,Number=A,Type=Float" in text
    with pytest.raises(InputError, match=r"in.vcf: not sorted at chr1:101; .*bcftools sort"):
        run(folder, *lines, output="other.vcf.gz")
    assert not (folder / "other.vcf.gz").exists()


def test_the_files_lineage_goes_on(folder):
    known = line("chr1", 100, SEQUENCE[100], other(SEQUENCE[100]))
    run(folder, known)
    first = read_lineage(folder / "out.vcf.gz")
    assert [one.kind for one in first.parents] == ["checkpoint", "variants", "reference"]
    (folder / "again.vcf").write_bytes(gzip.decompress((folder / "out.vcf.gz").read_bytes()))
    (folder / "in.vcf").write_text("")
    annotate_variants(
        Path("m.ckpt"), reference=folder / "g.fa", vcf=folder / "again.vcf", output=folder / "2.vcf"
    )
    second = read_lineage(folder / "2.vcf").parents[1]
    assert (second.kind, second.name) == ("variant effects", "again.vcf")
    assert second.digest == sha256_file(folder / "again.vcf")
    assert [one.kind for one in second.parents] == ["checkpoint", "variants", "reference"]
    assert (folder / "2.vcf").read_text().count("##seqmill_lineage=") == 1


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([line("chr1", 100, other(SEQUENCE[100]), SEQUENCE[100])], "REF of 1 of 1 variants differs"),
        ([line("odd", 9, "A", "C")], "shares no contig"),
        (["chr1\tx\n"], "cannot be read as VCF"),
    ],
)
def test_files_that_do_not_belong_together_leave_nothing_behind(folder, lines: list[str], said: str):
    with pytest.raises(InputError, match=said):
        run(folder, *lines)
    assert {path.name for path in folder.iterdir()} <= {"g.fa", "g.fa.fai", "in.vcf"}


def test_a_missing_file_is_told(folder):
    with pytest.raises(InputError, match="no such VCF file"):
        annotate_variants(
            Path("m.ckpt"), reference=folder / "g.fa", vcf=folder / "none.vcf", output=folder / "o.vcf"
        )
    with pytest.raises(InputError, match="cannot be read as VCF"):
        run(folder, head=">chr1\nACGT\n")

"""Burden of genes, by hand: own consequences, those of VEP and SnpEff, weights, and what is missing."""

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.profiles.burden import read_burden, weight
from seqmill.profiles.call_options import BurdenOptions
from seqmill.profiles.plan import BlockPlan
from tests.genome.test_consequences import BASES
from tests.profiles.genotyped import write_calls, write_genome

GTF = "".join(
    f'c1\tx\t{kind}\t{start}\t{end}\t.\t+\t{phase}\tgene_id "g"; transcript_id "t";\n'
    for kind, start, end, phase in (
        ("exon", 1, 13, "."),
        ("exon", 34, 45, "."),
        ("CDS", 6, 13, "0"),
        ("CDS", 34, 37, "1"),
        ("stop_codon", 38, 40, "0"),
    )
)
ROWS = [
    "c1 9  . G A   . PASS AF=0.1 GT 0/1 0/0 1/1",  # missense
    "c1 11 . T C   . PASS AF=0.2 GT 0/1 0/1 ./.",  # synonymous
    "c1 12 . G A,GT . PASS AF=0.01,0.02 GT 1/2 ./. 0/0",  # missense and frameshift
    "c1 14 . G A   . low  AF=0.3 GT 1/1 1/1 1/1",  # a splice site that did not pass
    "c1 35 . A T   . PASS AF=0.4 GT 0/0 0/1 0/0",  # stop gained
    "c1 42 . C T   . PASS AF=0.5 GT 1/1 1/1 1/1",  # untranslated
]


@pytest.fixture
def files(tmp_path):
    gtf = tmp_path / "genes.gtf"
    gtf.write_text(GTF)
    return {"annotation": str(gtf), "reference": str(write_genome(tmp_path / "g.fa", c1=BASES))}


def read(path, **options):
    return read_burden(BlockPlan(path=str(path), source="burden"), "person", BurdenOptions(**options))


def columns(found):
    return dict(zip(found.block.features, found.block.values.T.tolist(), strict=True))


def test_carried_alleles_of_each_class_by_hand(tmp_path, files):
    found = read(write_calls(tmp_path / "v.vcf", ["a", "b", "c"], ROWS), **files)
    assert found.ids == ["a", "b", "c"]
    assert columns(found) == {
        "g:synonymous": [1, 1, 0],
        "g:missense": [2, 0, 2],
        "g:stop_gained": [0, 1, 0],
        "g:frameshift": [1, 0, 0],
    }
    masks = dict(zip(found.block.features, found.block.mask.T.tolist(), strict=True))
    assert masks["g:synonymous"] == [1, 1, 0]
    assert masks["g:missense"] == [1, 1, 1]  # of two alleles b lacks a call at one
    assert masks["g:frameshift"] == [1, 0, 1]
    assert found.report["dropped"] == {"filtered": 1, "no_consequence": 1}
    assert found.report["alleles"]["missense"] == 2


def test_frequencies_weigh_and_leave_out(tmp_path, files):
    calls = write_calls(tmp_path / "v.vcf", ["a", "b", "c"], ROWS)
    found = read(calls, frequency="AF", max_frequency=0.15, weight="beta", **files)
    beta = lambda f: 25 * (1 - f) ** 24  # noqa: E731
    held = columns(found)
    assert set(held) == {"g:missense", "g:frameshift"}
    least = 1 / 12
    assert held["g:missense"] == pytest.approx([beta(0.1) + beta(least), 0, 2 * beta(0.1)], rel=1e-5)
    assert found.report["dropped"]["frequent"] == 2
    own = columns(read(calls, weight="inverse_sd", **files))
    assert own["g:stop_gained"][1] == pytest.approx(1 / np.sqrt(1 / 6 * 5 / 6), rel=1e-5)


def test_weights_by_hand():
    f = np.array([0.5, 0.1])
    assert weight(f, "none", 10).tolist() == [1, 1]
    assert weight(f, "inverse_sd", 10) == pytest.approx([2, 10 / 3])
    assert weight(f, "beta", 10) == pytest.approx([25 * 0.5**24, 25 * 0.9**24])
    assert np.isfinite(weight(np.array([0.0, 1.0]), "inverse_sd", 10)).all()


def test_a_list_of_genes_fixes_the_features(tmp_path, files):
    genes = tmp_path / "genes.txt"
    genes.write_text("h\ng\n")
    calls = write_calls(tmp_path / "v.vcf", ["a", "b", "c"], ROWS)
    found = read(calls, genes=str(genes), classes=["missense", "stop_lost"], **files)
    assert found.block.features == ("h:missense", "h:stop_lost", "g:missense", "g:stop_lost")
    assert columns(found)["h:missense"] == [0, 0, 0]
    genes.write_text("g\ng\n")
    with pytest.raises(InputError, match="'g' stands in 2 lines"):
        read(calls, genes=str(genes), **files)


def test_consequences_of_vep_and_snpeff_are_taken_as_told(tmp_path):
    csq = "CSQ=A|missense_variant&splice_region_variant|SYM|g1,A|stop_gained|SYM|g1,A|synonymous_variant|S|g2"
    indel = "CSQ=-|frameshift_variant|SYM|g1,TT|intron_variant|SYM|g1"
    ann = "ANN=A|splice_donor_variant&intron_variant|HIGH|SYM|g3|transcript"
    rows = [
        f"c1 9 . G A . PASS {csq};{ann} GT 0/1 1/1",
        f"c1 11 . TC T,TTT . PASS {indel} GT 1/2 0/2",
    ]
    calls = write_calls(tmp_path / "v.vcf", ["a", "b"], rows)
    assert columns(read(calls, consequences="CSQ")) == {
        "g1:stop_gained": [1, 2],
        "g1:frameshift": [1, 0],
        "g2:synonymous": [1, 2],
    }
    assert columns(read(calls, consequences="ANN")) == {"g3:splice_site": [1, 2]}


def test_a_person_each_and_reference_blocks(tmp_path, files):
    write_calls(tmp_path / "a.vcf", ["a"], ["c1 1 . C <*> . . END=8 GT 0/0", "c1 9 . G A . . . GT 0/1"])
    write_calls(tmp_path / "b.vcf", ["b"], ["c1 1 . C <*> . . END=45 GT 0/0"])
    write_calls(tmp_path / "c.vcf", ["c"], ["c1 20 . G <*> . . END=45 GT 0/0"])
    sheet = tmp_path / "calls.tsv"
    sheet.write_text("person\tfile\n" + "".join(f"{one}\t{tmp_path}/{one}.vcf\n" for one in "abc"))
    found = read(sheet, files="file", **files)
    assert columns(found) == {"g:missense": [1, 0, 0]}
    assert found.block.mask.T.tolist() == [[1, 1, 0]], "where c has no call nothing is known"


@pytest.mark.parametrize(
    ("shift", "words"),
    [(1, "1 of 1 coding transcripts have a stop before their end.*another build"), (None, "has a CDS")],
)
def test_an_annotation_of_another_build_is_refused(tmp_path, files, shift, words):
    coding = "ATG" + "ATAGCA" * 20 + "TAA"  # read one base late it stops
    bases = "C" * 9 + coding + "C" * 9
    write_genome(tmp_path / "g.fa", c1=bases)
    rows = [("exon", 1, len(bases))] + ([("CDS", 10 + shift, 9 + len(coding) + shift)] if shift else [])
    told = 'gene_id "g"; transcript_id "t";'
    (tmp_path / "genes.gtf").write_text(
        "".join(f"c1\tx\t{kind}\t{a}\t{b}\t.\t+\t0\t{told}\n" for kind, a, b in rows)
    )
    calls = write_calls(tmp_path / "v.vcf", ["a"], ["c1 14 . T A . . . GT 0/1"])
    with pytest.raises(InputError, match=words):
        read(calls, **files)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"consequences": "CSQ"}, "has no 'Gene' in its format"),
        ({"classes": ["stop_lost"]}, "no allele of stop_lost found"),
    ],
)
def test_mistakes_are_told(tmp_path, files, options, words):
    calls = write_calls(tmp_path / "v.vcf", ["a", "b", "c"], ROWS)
    calls.write_text(calls.read_text().replace("|Gene", "|Feature"))
    with pytest.raises(InputError, match=words):
        read(calls, **(files | options))

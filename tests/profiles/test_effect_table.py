"""Effects as seqmill effects writes them, as a table and as a VCF."""

import numpy as np
import pysam
import pytest

from seqmill.errors import InputError
from seqmill.genome.variants import Allele
from seqmill.interpretation.annotated import Layout, Scored, annotate, new_header, table_head, table_lines
from seqmill.interpretation.scores import Effect
from seqmill.origin import Node, this_step
from seqmill.profiles.effect_table import read_effects
from tests.profiles.genotyped import write_calls

TABLE = """contig\tposition\tid\tref\talt\treference_open\teffect_open\tlocal_open\teffect_shut\tdropped
c1\t9\t.\tG\tA\t1\t0.5\t0.7\t-3\t
c1\t11\t.\tT\tC\t1\t-1.5\t2\t4\t
c1\t42\t.\tC\t<DEL>\t\t\t\t\tsymbolic
"""
VCF = """##fileformat=VCFv4.2
##contig=<ID=c1>
##INFO=<ID=EFFECT_open,Number=A,Type=Float,Description="x">
##INFO=<ID=LOCAL_open,Number=A,Type=Float,Description="x">
##INFO=<ID=EFFECT_REGION,Number=A,Type=String,Description="x">
##INFO=<ID=EFFECT_DROPPED,Number=A,Type=String,Description="x">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
c1\t9\t.\tG\tA,T\t.\t.\tEFFECT_open=0.5,.;EFFECT_REGION=r1,.
"""
A, B = Allele("c1", 8, "G", "A"), Allele("c1", 10, "T", "C")


def test_a_table_by_hand(tmp_path):
    path = tmp_path / "e.tsv"
    path.write_text(TABLE)
    found = read_effects(str(path), [])
    assert found.values == {"open": {A: 0.5, B: -1.5}, "shut": {A: -3, B: 4}}
    assert (found.alleles, found.regions, found.unscored) == ((A, B), {}, 1)
    assert list(read_effects(str(path), ["shut"]).values) == ["shut"]


def test_what_the_verb_writes_is_read(tmp_path):
    layout = Layout(fields=("open",), parts={"EFFECT": "change"}, means={"EFFECT": "x {}"}, placed=True)
    one = np.ones(1)
    effect = Effect(reference=one, alternative=2 * one, change=0.25 * one, local=one)
    scored = [Scored(effect=effect, place="r1"), Scored(effect=None, reason="outside")]
    calls = write_calls(tmp_path / "v.vcf", ["a"], ["c1 9 . G A,T . . . GT 0/1"])
    with pysam.VariantFile(str(calls)) as handle:
        record = next(handle)
        lines = list(table_lines(record, scored, layout))
        header = new_header(handle.header, layout, Node(kind="variant effects", name="x", step=this_step()))
        with pysam.VariantFile(str(tmp_path / "e.vcf"), "w", header=header) as target:
            record.translate(target.header)
            annotate(record, scored, layout)
            target.write(record)
    (tmp_path / "e.tsv").write_text(table_head(layout) + "".join(lines))
    for name in ("e.tsv", "e.vcf"):
        found = read_effects(str(tmp_path / name), ["open"])
        assert (found.values, found.regions, found.unscored) == ({"open": {A: 0.25}}, {A: "r1"}, 1)


def test_a_vcf_by_hand(tmp_path):
    path = tmp_path / "e.vcf"
    path.write_text(VCF)
    found = read_effects(str(path), [])
    assert found.values == {"open": {A: 0.5}}
    assert (found.regions, found.unscored) == ({A: "r1"}, 1)


def test_outputs_that_are_not_there_are_told(tmp_path):
    path = tmp_path / "e.tsv"
    path.write_text(TABLE)
    with pytest.raises(InputError, match=r"no output 'opn' \(did you mean 'open'\?\); it has open, shut"):
        read_effects(str(path), ["opn"])
    path.write_text("contig\tposition\tref\talt\nc1\t9\tG\tA\n")
    with pytest.raises(InputError, match="no effect of any output"):
        read_effects(str(path), [])

"""Predicted effects of carried alleles, by gene, by region and by the regions that the effects name."""

import pytest

from seqmill.errors import InputError
from seqmill.profiles.call_options import EffectOptions
from seqmill.profiles.effects import read_carried_effects
from seqmill.profiles.plan import BlockPlan
from tests.profiles.genotyped import write_calls

ROWS = [
    "c1 9  . G A . . . GT 0/1 0/0 1/1",
    "c1 11 . T C . . . GT 1/1 0/1 ./.",
    "c1 30 . C T . . . GT 0/1 0/1 0/1",
]
TABLE = """contig\tposition\tid\tref\talt\tregion\teffect_open\tdropped
c1\t9\t.\tG\tA\tr1\t0.5\t
c1\t11\t.\tT\tC\tr2\t-1.5\t
c1\t30\t.\tC\tT\tr2\t0.25\t
"""
BED = "c1\t5\t12\tleft\nc1\t25\t28\tright\n"


def read(tmp_path, **options):
    calls = write_calls(tmp_path / "v.vcf", ["a", "b", "c"], ROWS)
    (tmp_path / "e.tsv").write_text(TABLE)
    (tmp_path / "r.bed").write_text(BED)
    given = EffectOptions(effects=str(tmp_path / "e.tsv"), **options)
    found = read_carried_effects(BlockPlan(path=str(calls), source="effects"), "person", given)
    return found, dict(zip(found.block.features, found.block.values.T.tolist(), strict=True))


def test_by_region_the_largest_or_the_sum(tmp_path):
    bed = str(tmp_path / "r.bed")
    found, held = read(tmp_path, regions=bed, margin=2)
    assert held == {"left:open": [1.5, 1.5, 0.5], "right:open": [0.25, 0.25, 0.25]}
    _, held = read(tmp_path, regions=bed, aggregate="sum")
    assert held == {"left:open": [-2.5, -1.5, 1.0], "right:open": [0, 0, 0]}
    assert found.ids == ["a", "b", "c"]
    found, _ = read(tmp_path, regions=bed, min_called=0.6)
    assert found.block.mask[:, 0].tolist() == [True, True, False]
    assert found.report["dropped"] == {"outside": 1, "not_scored": 0}


def test_by_the_regions_that_the_effects_name(tmp_path):
    assert read(tmp_path)[1] == {"r1:open": [0.5, 0, 0.5], "r2:open": [1.5, 1.5, 0.25]}


def test_by_gene(tmp_path):
    gtf = tmp_path / "g.gtf"
    gtf.write_text('c1\tx\texon\t28\t40\t.\t-\t.\tgene_id "g"; transcript_id "t";\n')
    assert read(tmp_path, annotation=str(gtf))[1] == {"g:open": [0.25, 0.25, 0.25]}


def test_alleles_outside_of_all_regions_are_refused(tmp_path):
    far = tmp_path / "far.bed"
    far.write_text("c1\t500\t600\tfar\n")
    with pytest.raises(InputError, match="none of 3 alleles lies in a gene or region"):
        read(tmp_path, regions=str(far))
    far.write_text("c1\t500\n")
    with pytest.raises(InputError, match=r"line 1: .*wanted contig, start, end and a name"):
        read(tmp_path, regions=str(far))

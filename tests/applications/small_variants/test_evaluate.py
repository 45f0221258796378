"""From predictions of a split to scored calls and call files."""

import gzip

import pytest

from seqmill.applications.scoring import OperatingPoint, OperatingPoints, ScoreJob
from seqmill.applications.small_variants.evaluate import evaluate
from seqmill.genome.variants import read_vcf

POINTS = OperatingPoints([OperatingPoint(kind=kind, coverage=20, quality=3.0) for kind in ("snp", "indel")])


@pytest.fixture
def scorer(plan, scored_examples):
    table = scored_examples("full", "10")
    job = ScoreJob(
        plan=plan,
        split="test",
        lineage={"checkpoint": "a" * 64},
        reads={"eve": "b" * 64},
        examples=table[table["contig"] == "r"],
    )
    return evaluate(job)


def test_planted_variants_are_found_at_both_depths(scorer):
    items = scorer.items(POINTS)
    cells = items.groupby("cell")[["tp_genotype", "fn_genotype", "fp_genotype"]].sum()
    assert cells.loc["clean.full.snp"].tolist() == [3, 0, 0]
    assert cells.loc["clean.full.indel"].tolist() == [2, 0, 0]
    assert cells.loc["clean.10x.snp", "tp_genotype"] >= 2
    same = items.groupby("start")["item"].nunique()
    assert set(same[same.index < 2400]) == {1}


def test_one_file_for_each_depth_names_what_made_it(scorer, tmp_path):
    paths = scorer.export(tmp_path, POINTS)
    assert [str(path.relative_to(tmp_path)) for path in paths] == [
        "calls/eve.full.vcf.gz",
        "calls/eve.10x.vcf.gz",
    ]
    found = [variant for variant in read_vcf(paths[0]) if variant.filters == ("PASS",)]
    assert len(found) == 5 and {variant.contig for variant in found} == {"r"}
    header = gzip.open(paths[1], "rt").read()
    assert "##seqmill_depth=10\n" in header and f"##seqmill_reads={'b' * 64}\n" in header


def test_a_single_set_goes_to_one_file(plan, scored_examples, tmp_path):
    plan["depths"] = {"eve": ["full"]}
    table = scored_examples("full")
    job = ScoreJob(
        plan=plan, split="test", lineage={}, reads={"eve": "0"}, examples=table[table["contig"] == "r"]
    )
    assert evaluate(job).export(tmp_path, POINTS) == [tmp_path / "calls.vcf.gz"]
    assert (tmp_path / "calls.vcf.gz.tbi").is_file()

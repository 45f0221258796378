"""Scoring of planted calls: every count, threshold and stratum by hand."""

import pandas as pd
import pytest

from seqmill.applications.scoring import OperatingPoint, OperatingPoints, ScoreJob
from seqmill.applications.small_variants.callset import CallScorer, CallSet, coverage, kind_of, split_sets
from seqmill.genome.variants import Variant, read_vcf

COUNTS = ["tp_allele", "fp_allele", "fn_allele", "tp_genotype", "fp_genotype", "fn_genotype"]
POINTS = OperatingPoints([OperatingPoint(kind=kind, coverage=20, quality=10.0) for kind in ("snp", "indel")])


def example(start, ref, alt, reads, support, depth="full"):
    return {
        "sample": "eve",
        "contig": "r",
        "start": start,
        "ref": ref,
        "alt": alt,
        "depth": depth,
        "reads": reads,
        "support": support,
    }


@pytest.fixture
def truth(world):
    return [variant for variant in read_vcf(world / "truth.vcf.gz") if variant.contig == "r"]


@pytest.fixture
def scorer(plan, truth):
    """Score variants as the only call set of the test split."""

    def of(variants, **evaluation):
        plan["depths"] = {"eve": ["full"]}
        plan["evaluation"] = evaluation
        rows = [example(v.start, v.ref, v.alts[0], 24, 12) for v in truth[:2]]
        job = ScoreJob(plan=plan, split="test", lineage={}, reads={"eve": "0"}, examples=pd.DataFrame(rows))
        return CallScorer(job, [CallSet(sample="eve", depth="full", variants=variants)])

    return of


def called(variant, quality, genotype=None):
    return Variant(
        variant.contig, variant.start, variant.ref, variant.alts, genotype or variant.genotype, False, quality
    )


def total(items, cell):
    return items[items["cell"] == cell][COUNTS].sum().tolist()


def test_the_truth_itself_scores_full_marks(scorer, truth):
    items = scorer([called(variant, 50.0) for variant in truth]).items(POINTS)
    assert total(items, "clean.full.snp") == [3, 0, 0, 3, 0, 0]
    assert total(items, "clean.full.indel") == [2, 0, 0, 2, 0, 0]
    assert items["tp_exact"].sum() == 5


def test_misses_false_calls_and_wrong_genotypes_are_counted(scorer, truth):
    bases = {"A": "C", "C": "G", "G": "T", "T": "A"}
    false = Variant("r", 600, truth[0].ref, (bases[truth[0].ref],), (0, 1), False, 40.0)
    wrong = called(truth[1], 50.0, (0, 1))
    below = called(truth[4], 9.0)
    items = scorer([called(truth[0], 50.0), false, wrong, called(truth[2], 50.0), below]).items(POINTS)
    assert total(items, "clean.full.snp") == [2, 1, 1, 1, 2, 2]
    assert total(items, "clean.full.indel") == [1, 0, 1, 1, 0, 1]


def test_sweep_keeps_calls_below_any_threshold(scorer, truth):
    variants = [
        called(variant, quality) for variant, quality in zip(truth, (5.0, 50.0, 7.0, 8.0, 9.0), strict=True)
    ]
    sweeps = {sweep.cell: sweep for sweep in scorer(variants).sweeps()}
    snp = sweeps["clean.full.snp"]
    assert sorted(snp.quality) == [5.0, 9.0, 50.0]
    assert snp.truths == 3 and all(correct.all() for correct in snp.correct.values())
    assert (snp.kind, snp.depth, snp.coverage) == ("snp", "full", 24.0)
    assert sorted(sweeps["clean.full.indel"].quality) == [7.0, 8.0]


def test_items_pair_across_callers_and_carry_strata(scorer, truth):
    one = scorer([called(variant, 50.0) for variant in truth]).items(POINTS).set_index("start")
    other = scorer([]).items(POINTS).set_index("start")
    assert one["item"].to_dict() == other["item"].to_dict()
    assert other["fn_allele"].sum() == 5
    fractions = one["allele_fraction"].to_dict()
    assert fractions[truth[0].start] == "0.4-0.6"
    assert fractions[truth[4].start] == "none"
    assert set(one["depth"]) == {"full"}
    assert set(one.loc[truth[0].start, ["indel_length"]]) == {""}


def test_conditions_fix_the_threshold_and_the_types(scorer, truth):
    conditions = {"clean": {"quality": 60, "types": ["snp"]}}
    scored = scorer([called(variant, 50.0) for variant in truth], conditions=conditions)
    assert [sweep.cell for sweep in scored.sweeps()] == ["clean.full.snp"]
    assert scored.threshold("clean.full.snp", POINTS) == 60.0
    assert total(scored.items(POINTS), "clean.full.snp") == [0, 0, 3, 0, 0, 3]


@pytest.mark.parametrize(
    ("ref", "alts", "genotype", "kind"),
    [
        ("A", ("C",), (0, 1), "snp"),
        ("AC", ("GT",), (1, 1), "snp"),
        ("AC", ("A",), (0, 1), "indel"),
        ("AC", ("GC", "A"), (0, 1), "snp"),
        ("AC", ("GC", "A"), (1, 2), "indel"),
    ],
)
def test_kind_is_that_of_the_alleles_carried(ref, alts, genotype, kind):
    assert kind_of(Variant("q", 1, ref, alts, genotype)) == kind


def test_sets_follow_the_plan(plan):
    job = ScoreJob(plan=plan, split="test", lineage={}, reads={}, examples=pd.DataFrame())
    assert split_sets(job) == [("eve", "full"), ("eve", "10")]


def test_coverage_is_the_median_over_likely_variants():
    reads, support = [4, 9, 30, 20, 12, 3], [3, 4, 12, 4, 3, 1]
    assert coverage(pd.DataFrame({"reads": reads, "support": support})) == 10.5
    assert coverage(pd.DataFrame({"reads": [4], "support": [1]})) == 0.0

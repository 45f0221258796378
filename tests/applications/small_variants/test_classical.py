"""Classical callers on the planted individual."""

import shutil

import pandas as pd
import pysam
import pytest

from seqmill.applications.scoring import OperatingPoint, OperatingPoints, ScoreJob
from seqmill.applications.small_variants.classical import bcftools, freebayes
from seqmill.errors import InputError
from seqmill.reads.names import keep_name

POINTS = OperatingPoints([OperatingPoint(kind=kind, coverage=20, quality=20.0) for kind in ("snp", "indel")])


@pytest.fixture
def job(plan, world, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    examples = pd.DataFrame(
        {name: [] for name in ("sample", "depth", "contig", "start", "ref", "alt", "reads", "support")}
    )
    return ScoreJob(
        plan=plan,
        split="test",
        lineage={},
        reads={},
        examples=examples,
        alignments={"eve": world / "eve.bam"},
        scratch=scratch,
    )


@pytest.mark.parametrize(
    "caller",
    [
        bcftools,
        pytest.param(
            freebayes,
            marks=pytest.mark.skipif(not shutil.which("freebayes"), reason="freebayes is not installed"),
        ),
    ],
)
def test_planted_variants_are_found(job, caller):
    items = caller(job).items(POINTS)
    cells = items.groupby("cell")[["tp_genotype", "fn_genotype", "fp_genotype"]].sum()
    assert cells.loc["clean.full.snp"].tolist() == [3, 0, 0]
    assert cells.loc["clean.full.indel"].tolist() == [2, 0, 0]
    assert set(items["contig"]) == {"r"}


def test_reads_are_thinned_by_the_rule_of_the_examples(job, world):
    bcftools(job)
    with pysam.AlignmentFile(str(world / "eve.bam")) as handle:
        expected = sorted(
            read.query_name
            for read in handle
            if keep_name(read.query_name, fraction=10 / 25, seed=job.plan["seed"])
        )
    with pysam.AlignmentFile(str(job.scratch / "eve.10.bam")) as handle:
        assert sorted(read.query_name for read in handle) == expected
    assert 0 < len(expected)


def test_a_missing_read_report_is_named(job, world, tmp_path):
    for suffix in (".bam", ".bam.bai"):
        shutil.copy(world / f"eve{suffix}", tmp_path / f"eve{suffix}")
    moved = ScoreJob(**{**vars(job), "alignments": {"eve": tmp_path / "eve.bam"}})
    with pytest.raises(InputError, match=r"eve\.report\.json"):
        bcftools(moved)

"""Callers that need no network, on the planted individual and by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from seqmill.applications.scoring import OperatingPoint, OperatingPoints, ScoreJob
from seqmill.applications.small_variants import trivial
from seqmill.applications.small_variants.spec import APPLICATION
from seqmill.applications.small_variants.trivial import ERROR, allele_fraction, every_candidate

POINTS = OperatingPoints([OperatingPoint(kind=kind, coverage=20, quality=3.0) for kind in ("snp", "indel")])


@pytest.fixture
def job(plan, scored_examples):
    table = scored_examples("full", "10")
    table = table[table["contig"] == "r"].drop(columns=[f"log_probability_{copies}" for copies in range(3)])
    return ScoreJob(plan=plan, split="test", lineage={"caller": "x"}, reads={"eve": "0"}, examples=table)


def test_the_share_of_reads_finds_what_was_planted(job):
    cells = allele_fraction(job).items(POINTS).groupby("cell")[["tp_genotype", "fn_genotype"]].sum()
    assert cells.loc["clean.full.snp"].tolist() == [3, 0]
    assert cells.loc["clean.full.indel"].tolist() == [2, 0]


def test_every_candidate_is_called(job):
    items = every_candidate(job).items(OperatingPoints([]))
    cells = items.groupby("cell")[["tp_allele", "fn_allele", "fp_allele"]].sum()
    assert cells.loc["clean.full.snp"].tolist()[:2] == [3, 0]
    assert cells["fn_allele"].sum() <= 1


def test_probabilities_are_those_of_the_binomial():
    table = pd.DataFrame({"reads": [30, 30, 30, 4], "support": [2, 14, 29, 5]})
    likelihood = np.stack(
        [stats.binom.pmf([2, 14, 29, 4], [30, 30, 30, 4], share) for share in (ERROR, 0.5, 1 - ERROR)], axis=1
    )
    expected = likelihood / likelihood.sum(axis=1, keepdims=True)
    found = np.exp(trivial._binomial(table))
    np.testing.assert_allclose(found, expected)
    assert found.argmax(axis=1).tolist() == [0, 1, 2, 2]


@pytest.mark.parametrize("name", ["allele_fraction", "every_candidate"])
def test_are_offered_as_baselines(name):
    assert APPLICATION.baselines[name].endswith(f"trivial:{name}")

"""The files of a cohort agree with each other, and profiles are made of them."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from seqmill.profiles.polygenic.genotypes import open_genotypes
from seqmill.profiles.polygenic.options import ScoreOptions
from seqmill.profiles.polygenic.score import polygenic_score
from seqmill.simulate.cohort.build import count_rare, simulate_cohort
from seqmill.simulate.cohort.write import Site


def table(path):
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    return dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True)) if len(rows) > 1 else rows[0]


@pytest.fixture(scope="module")
def folder(plan, tmp_path_factory):
    path = tmp_path_factory.mktemp("cohort")
    simulate_cohort(plan, path)
    return path


def test_the_same_plan_gives_the_same_files(plan, folder, tmp_path):
    simulate_cohort(plan, tmp_path)
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(path.name for path in tmp_path.iterdir())
    assert all((folder / name).read_bytes() == (tmp_path / name).read_bytes() for name in names)


def test_missing_calls_are_as_many_as_planned_and_minus_one(plan, folder):
    dosage = pq.read_table(folder / "dosage.parquet")
    values = np.stack([dosage[name].to_numpy() for name in dosage.schema.names[1:]], axis=1)
    assert values.dtype == np.int8
    assert values.shape == (plan.people, plan.sites)
    assert (values == -1).mean() == pytest.approx(plan.no_call, abs=0.005)


def test_the_vcf_holds_the_same_genotypes(plan, folder):
    tables = [open_genotypes(str(folder / name), "person") for name in ("dosage.parquet", "genotypes.vcf.gz")]
    everywhere = {record.place for record in tables[0].records(_All())}
    assert len(everywhere) == plan.sites
    assert tables[0].ids == tables[1].ids
    held = [[copies for _, copies in one.copies(_All())] for one in tables]
    assert np.array_equal(*held)


class _All:
    def __contains__(self, item):
        return True


def test_effects_as_a_scoring_file_give_the_genetic_value(folder):
    truth = table(folder / "truth.tsv")
    options = ScoreOptions(weights=str(folder / "height.score.txt"), ambiguous="keep", minimum_match=1)
    scores = polygenic_score(str(folder / "dosage.parquet"), "person", options)
    assert scores.ids == list(truth["person"])
    found = np.corrcoef(scores.values, np.array(truth["height.genetic"], float))[0, 1]
    assert found > 0.97  # 5 % of the genotypes are missing


def test_causes_people_and_relatives_are_told(plan, folder, people):
    effects = table(folder / "effects.tsv")
    assert [effects["trait"].count(name) for name in plan.traits] == [40, 6, 3, 40, 0]
    names = set(pq.read_schema(folder / "dosage.parquet").names)
    pairs = [
        term.split("*") for name, term in zip(*list(effects.values())[:2], strict=True) if name == "pairs"
    ]
    assert {one for pair in pairs for one in pair} <= names
    relatives = table(folder / "relatives.tsv")
    assert len(relatives["first"]) == len(people.pairs)
    ceilings = json.loads((folder / "ceilings.json").read_text())
    assert set(ceilings) == set(plan.traits)
    assert ceilings["ill"]["genetic_auc"] > 0.7


def test_rare_alleles_are_counted_whichever_is_rarer():
    sites = [Site("c", at, "A", "C", gene) for at, gene in ((1, 0), (2, 0), (3, 4))]
    dosage = np.array([[0, 2, 1], [1, 1, 2], [0, 2, -1], [0, 2, 0], [0, 2, 1]], np.int8)
    # frequencies: 0.1, 0.9, 0.5
    found = count_rare(dosage, sites, [0, 4], below=0.2)
    assert found.tolist() == [[0, 0], [2, 0], [0, 0], [0, 0], [0, 0]]
    assert count_rare(dosage, sites, [0, 4], below=0.6)[:, 1].tolist() == [1, 2, 0, 0, 1]

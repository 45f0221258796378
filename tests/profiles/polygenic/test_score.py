"""Scores equal sums made by hand and by pysam."""

import json
from pathlib import Path

import numpy as np
import pysam
import pytest
import yaml

from seqmill.profiles.build import build_profiles
from seqmill.profiles.plan import load_profiles_plan
from seqmill.profiles.polygenic.options import ScoreOptions
from seqmill.profiles.polygenic.score import polygenic_score
from seqmill.profiles.table import read_table
from tests.profiles.polygenic import small


def test_scores_are_the_sums_by_hand(tmp_path):
    weights, calls = small.write(tmp_path)
    scores = polygenic_score(calls, "person", ScoreOptions(weights=weights))
    assert dict(zip(scores.ids, scores.values.tolist(), strict=True)) == pytest.approx(
        small.SCORES, abs=1e-12
    )
    assert scores.called.tolist() == [1, 1, 0.8]
    assert (scores.report["used"], scores.report["swapped"]) == (5, 2)


def test_a_missing_genotype_counts_as_the_rule_says(tmp_path):
    weights, calls = small.write(tmp_path)
    zero = polygenic_score(calls, "person", ScoreOptions(weights=weights, missing="zero"))
    assert zero.values[2] == 0
    columns = small.COLUMNS.rstrip("\n") + "\tallelefrequency_effect\n"
    rows = small.ROWS.replace("-1\n", "-1\t0.125\n")
    weights, calls = small.write(tmp_path, rows, columns=columns)
    told = polygenic_score(calls, "person", ScoreOptions(weights=weights))
    assert told.values[2] == -0.25


def test_a_person_of_whom_too_little_is_called_has_no_score(tmp_path):
    weights, calls = small.write(tmp_path)
    scores = polygenic_score(calls, "person", ScoreOptions(weights=weights, minimum_called=0.9))
    assert np.isnan(scores.values).tolist() == [False, False, True]
    assert scores.report["without_score"] == 1


def test_the_match_is_told_before_it_is_refused(tmp_path):
    weights, calls = small.write(tmp_path, small.ROWS + "f\t9\t1\tA\tC\t1\n" * 1)
    told = []
    polygenic_score(calls, "person", ScoreOptions(weights=weights), tell=told.append)
    assert told == ["5 of 6 weights used (83.3%): matched 4, ambiguous 1, absent 1"]


def test_a_score_is_a_block_of_profiles(tmp_path, monkeypatch):
    weights, calls = small.write(tmp_path)
    monkeypatch.setenv("SCORES", str(tmp_path))
    (tmp_path / "rows.tsv").write_text("person\ttall\nx\t1\ny\t0\nz\t1\n")
    block = {"path": calls, "source": "polygenic_score", "options": {"weights": "$SCORES/score.txt"}}
    plan = {
        "profiles": {"id": "person", "blocks": {"height": block}},
        "rows": [
            {
                "sample": "s",
                "path": str(tmp_path / "rows.tsv"),
                "profile": "person",
                "labels": {"tall": "tall"},
            }
        ],
        "folds": {"person": ["profile"]},
    }
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump(plan))
    loaded = load_profiles_plan(tmp_path / "plan.yaml")
    assert weights in loaded.paths
    build_profiles(loaded, tmp_path / "raw")
    table = read_table(tmp_path / "raw" / "profiles.parquet")
    assert table.blocks["height"].features == ("PGS000000",)
    assert table.blocks["height"].values[:, 0].tolist() == list(small.SCORES.values())
    assert json.loads((tmp_path / "raw" / "profiles.height.report.json").read_text())["used"] == 5


def by_pysam(weights, calls):
    """Sum a scoring file over genotypes another way: by place and allele of each person's bases."""
    lines = [line.split("\t") for line in Path(weights).read_text().splitlines() if not line.startswith("#")][
        1:
    ]
    wanted = {(line[1], int(line[2])): (line[3], float(line[5])) for line in lines}
    with pysam.VariantFile(calls) as handle:
        names = list(handle.header.samples)
        total = np.zeros(len(names))
        seen = 0
        for record in handle:
            if (record.chrom, record.pos) not in wanted:
                continue
            effect, weight = wanted[record.chrom, record.pos]
            seen += 1
            held = [record.samples[name].alleles for name in names]
            copies = np.array([np.nan if None in one else one.count(effect) for one in held], float)
            total += weight * np.where(np.isnan(copies), np.nanmean(copies), copies)
    return names, total, seen


@pytest.mark.real
@pytest.mark.slow
def test_scores_of_real_people_equal_those_of_another_program(real_data):
    folder = real_data / "patients" / "chr22_pgs"
    weights, calls = folder / "PGS001229_22.txt", folder / "cineca_synthetic_subset.vcf.gz"
    scores = polygenic_score(str(calls), "person", ScoreOptions(weights=str(weights)))
    names, total, seen = by_pysam(weights, str(calls))
    assert seen == scores.report["used"] == 829
    assert scores.report["outcomes"]["absent"] == 6
    assert scores.ids == names and len(names) == 2504
    np.testing.assert_allclose(scores.values, total, rtol=0, atol=1e-9)

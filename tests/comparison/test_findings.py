"""Findings say what was planted, and say it plainly where a baseline is not beaten."""

import pytest

from seqmill.comparison.findings import find
from seqmill.comparison.leaderboard import best_of, rank
from seqmill.comparison.paired import compare
from seqmill.comparison.runs import load_callers
from seqmill.files import read_json, write_json


def texts(callers, labels):
    found = find(callers, compare(callers), labels)
    return [f"{one.lead} {one.text}" for _, group in found for one in group], found


@pytest.fixture
def said(study):
    return texts(load_callers(study.runs, study.baselines), study.labels)[0]


def test_a_leading_baseline_is_named_as_such(said):
    assert said[0].startswith(
        "No model leads: the baseline scalars has the highest mean allele F1 over 3 cells"
    )


def test_beaten_in_every_cell(said):
    assert "good beats caller in every cell (3 of 3)." in said


def test_a_tie_is_no_win(said):
    assert "good does not beat scalars in 3 of 3 cells. It ties in every cell." in said


def test_below_is_said(said):
    assert "fair does not beat scalars in 3 of 3 cells. It is below in every cell." in said


def test_experiments_against_each_other(said):
    assert "fair against good: below in 3 of 3 cells." in said


def test_what_the_candidates_reach(said):
    assert any("reach 98.0 % of the 1,000 truth alleles" in text for text in said)


def test_calibration_before_and_after(said):
    assert sum("lowers the calibration error of good" in text for text in said) == 1


def test_one_seed_is_pointed_out(study):
    said = texts(load_callers(study.runs[:1], study.baselines), study.labels)[0]
    assert any(
        text.startswith("good was trained with one seed: its spread over seeds is unknown.") for text in said
    )


def test_mixed_outcomes_name_the_cells(study, make, tmp_path):
    import pandas as pd

    snp, others = make.cells[0], make.cells[1:]
    items = pd.concat(
        [make.items([], 0, cells=[snp]), make.items(range(60), 0, cells=["", *others]).query("cell != ''")]
    )
    run = make.run(tmp_path / "mixed", items, experiment="mixed", seed=1, digest=study.manifest.digest)
    said, found = texts(load_callers([run], study.baselines), study.labels)
    assert (
        "mixed does not beat caller in 2 of 3 cells. It is below in 2 (snp noisy 30x; indel clean 10x). "
        "It is above in 1 (snp clean 10x)."
    ) in said
    assert {one.tone for one in found[0][1] if one.lead.startswith("mixed does not beat")} == {"bad"}


def test_nothing_is_invented_without_baselines(study):
    callers = load_callers(study.runs[:2])
    headings = [heading for heading, _ in find(callers, compare(callers), {"counts": {}})]
    assert headings == ["Against the baselines: allele F1", "Seeds, calibration and the reach of the data"]


def test_a_bound_is_nobodys_rival_and_tells_its_ceiling(study):
    for folder in study.baselines:
        content = read_json(folder / "metrics.json")
        if content["experiment"] == "scalars":
            ceiling = {
                "metric": "ceiling.f1",
                "value": 0.5,
                "low": 0.4,
                "high": 0.6,
                "n": 9,
                "primary": False,
            }
            write_json(
                folder / "metrics.json", content | {"bound": True, "metrics": [*content["metrics"], ceiling]}
            )
    callers = load_callers(study.runs, study.baselines)
    said, _ = texts(callers, study.labels)
    assert said[0].startswith("good leads:")
    assert not any("scalars in" in text for text in said)
    assert "scalars bounds what can be reached: its ceiling.f1 is 0.5000 (0.4000 to 0.6000)." in said
    rows = rank(callers, "allele", "f1")
    standings = {row.caller.name: row.entries["clean.10x.snp"].standing for row in rows}
    assert (standings["scalars"], standings["good"]) == ("", "best")
    assert best_of(rows).caller.name == "good"

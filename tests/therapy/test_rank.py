"""From a planted screen to a ranking that finds the best drugs, and the gene that each acts through."""

import json
import re

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy import stats

from seqmill.errors import InputError
from seqmill.evaluation.members import Members
from seqmill.evaluation.predict_rows import predict_rows
from seqmill.profiles.notice import NOTICE
from seqmill.profiles.table import read_table
from seqmill.therapy.job import RankJob
from seqmill.therapy.rank import rank

pytestmark = pytest.mark.slow


def job(study, tmp_path, **more):
    given = {"models": study.runs, "intervals": study.ensemble / "conformal.json", "manifest": study.manifest}
    return RankJob(**given | {"output": tmp_path / "ranked"} | more)


def test_an_ensemble_tells_spread_and_coverage(study):
    told = pd.read_parquet(study.ensemble / "predictions.parquet")
    each = [pd.read_parquet(run / "predictions.parquet")["predicted_response"] for run in study.runs]
    assert np.allclose(told["predicted_response"], np.mean(each, axis=0), atol=1e-5)
    assert np.allclose(told["sd_predicted_response"], np.std(each, axis=0, ddof=1), atol=1e-4)
    assert 0.8 < study.metrics["coverage_90.response.screen"]["value"] <= 1
    assert study.metrics["width_90.response.screen"]["value"] > 0


def test_held_out_cell_lines_get_the_drugs_that_do_best(study, tmp_path):
    found = rank(job(study, tmp_path))
    metrics = {row["metric"]: row for row in found.metrics}
    assert metrics["top_decile_enrichment.percentile"]["low"] > 1.5
    assert metrics["top_decile_enrichment.percentile_minus_potency"]["low"] > 0
    assert found.facts["incompleteness"] < 0.05
    for _, inside in found.ranking.groupby("sample"):
        assert inside["rank"].tolist() == list(range(1, len(inside) + 1))
        assert inside["percentile"].is_monotonic_increasing
    assert (found.ranking["low"] < found.ranking["prediction"]).all()
    assert set(found.ranking["interval_basis"]) <= {"all", "molecule"}


def test_the_gene_behind_a_drug_is_that_of_its_family(study, tmp_path, patients):
    found = rank(job(study, tmp_path, profiles=patients, explained=20, genes=3))
    known = found.genes[found.genes["sample"].isin(["low", "high"])]
    top = known.groupby(["sample", "molecule"]).first().reset_index()
    family0 = top[top["molecule"].str[-2:].astype(int) % 3 == 0]
    assert (family0["gene"] == "g0").all()
    assert (family0["agreement"] == 1).all()
    assert (np.sign(family0["contribution"]) == np.where(family0["sample"] == "high", 1, -1)).all()
    assert "g0" in found.targets["gene"].head(3).tolist()


def test_new_patients_against_percentiles_worked_out_by_hand(study, tmp_path, patients):
    found = rank(job(study, tmp_path, profiles=patients, explained=0))
    assert found.metrics == []
    samples = found.samples.set_index("sample")["in_domain"]
    assert not samples["odd"]
    members = Members.open(study.runs)
    tables = {name: read_table(path) for name, path in study.dataset.manifest.table_paths().items()}
    members.hold(tables)
    rows = np.unique(study.dataset.job("train", {}, examples=None).read("train", ())[0]["profile"])
    row = found.ranking[(found.ranking["sample"] == "low") & (found.ranking["molecule"] == "drug03")].iloc[0]
    said = members.predict(rows, np.full(len(rows), tables["molecules"].ids.index("drug03")))["response"]
    wanted = stats.percentileofscore(said.mean(0), row["prediction"], kind="mean")
    assert row["percentile"] == pytest.approx(wanted, abs=1e-6)
    assert row["percentile"] < 10  # low in the gene that drug 3 acts through


def test_what_is_written_carries_the_notice(study, tmp_path, patients):
    found = rank(job(study, tmp_path, profiles=patients, drugs=("drug01", "drug02")))
    folder = tmp_path / "ranked"
    for name in ("ranking", "samples", "genes", "targets", "molecules"):
        text = (folder / f"{name}.tsv").read_text()
        assert text.startswith(f"# {NOTICE}\n")
    ranking = pd.read_csv(folder / "ranking.tsv", sep="\t", comment="#")
    assert sorted(ranking["molecule"].unique()) == ["drug01", "drug02"]
    assert json.loads((folder / "rank.json").read_text())["notice"] == NOTICE
    page = (folder / "rank.html").read_text()
    assert NOTICE in page
    outside = re.findall(r"<h3>(\w+) <span class=\"warn\">out of the model's domain", page)
    assert set(outside) == set(found.samples["sample"][~found.samples["in_domain"]])
    assert "odd" in outside
    assert page.count("<rect") == 6


def test_predictions_alone_are_those_of_the_ranking(study, tmp_path, patients):
    found = rank(job(study, tmp_path, profiles=patients, explained=0)).ranking
    output = tmp_path / "said.tsv"
    predict_rows(study.runs, manifest=study.manifest, output=output, profiles=patients,
                 intervals=study.ensemble / "conformal.json")  # fmt: skip
    said = pd.read_csv(output, sep="\t", comment="#")
    both = found.merge(said, on=["sample", "molecule", "target"])
    assert len(both) == len(said) == 3 * 20
    for name in ("prediction", "sd", "low", "high"):
        assert np.allclose(both[f"{name}_x"], both[f"{name}_y"], atol=1e-4)


def test_what_does_not_belong_together_is_refused(study, tmp_path, patients, screens):
    with pytest.raises(InputError, match=r"molecules: none is called 'drug1'.*did you mean 'drug1"):
        rank(job(study, tmp_path, drugs=("drug1",)))
    with pytest.raises(InputError, match=r"was trained on"):
        rank(job(study, tmp_path, manifest=screens["pair"].manifest.path))
    with pytest.raises(InputError, match=r"--safety: a model, but no manifest"):
        rank(job(study, tmp_path, safety=study.runs[:1]))
    with pytest.raises(InputError, match=r"want a model of molecules alone"):
        rank(job(study, tmp_path, safety=study.runs[:1], safety_manifest=study.manifest))
    plan = yaml.safe_load(patients.read_text())
    levels = tmp_path / "other.tsv"
    levels.write_text("cell\tg0\tTP53\nx\t1\t2\n")
    plan["profiles"]["blocks"]["expression"]["path"] = str(levels)
    patients.write_text(yaml.safe_dump(plan))
    with pytest.raises(InputError, match=r"block 'expression' lacks 7 of the 8 features.*'g1', 'g2'"):
        rank(job(study, tmp_path, profiles=patients))
    levels.write_text("cell\tg0\nx\t1\nx\t2\n")
    with pytest.raises(InputError, match=r"'x' stands in 2 rows"):
        rank(job(study, tmp_path, profiles=patients))
    assert not (tmp_path / "ranked").exists()

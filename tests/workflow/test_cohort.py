"""The plan of a cohort makes its files before profiles are made of them."""

import pytest
import yaml

from seqmill.plan.addresses import Addresses
from seqmill.plan.plan import load_plan
from tests.workflow.conftest import ROOT


@pytest.mark.parametrize("name", ["additive", "burden", "epistatic", "families"])
def test_what_profiles_read_is_what_the_cohort_writes(name, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    config = yaml.safe_load((ROOT / "config" / "cohort" / name / "config.yaml").read_text())
    (tmp_path / "runs.tsv").write_text("experiment\tseed\trole\toverrides\ndrug_response\t1\t\t\n")
    runs = str(tmp_path / "runs.tsv")
    config |= {"application": "drug_response", "options": {}, "baselines": [], "experiments": runs}
    plan = load_plan(
        config, schemas=ROOT / "workflow" / "schemas", source="test", addresses=Addresses(None, fetches=True)
    )
    given, folder, files = plan.generated_cohort
    assert given == f"config/cohort/{name}/simulate.yaml"
    assert set(files) == set(plan.profiled)
    assert f"{folder}/traits.tsv" in files

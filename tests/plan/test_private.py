"""The section `privacy` of a configuration: what it forbids, and the plan under pseudonyms."""

import json

import pytest

from seqmill.plan.private import privacy_problems, under_pseudonyms
from seqmill.plan.samples import Sample
from seqmill.privacy.keys import COMMAND, VARIABLE, Key
from seqmill.privacy.pseudonyms import pseudonym
from tests.plan.conftest import SAMPLES
from tests.plan.test_plan import load, problems_of

SECRET = "0f" * 32


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.delenv(COMMAND, raising=False)
    monkeypatch.setenv(VARIABLE, SECRET)
    return Key(bytes.fromhex(SECRET))


def with_consent(project, **classes):
    head, *lines = SAMPLES.splitlines()
    told = [f"{line}\t{classes.get(line.partition(chr(9))[0], '')}" for line in lines]
    (project / "samples.tsv").write_text("\n".join([f"{head}\tconsent", *told]) + "\n")


def test_without_the_section_plans_tell_nothing_of_it(project, config):
    plan = load(config)
    assert "privacy" not in "".join(plan.documents().values())
    assert (plan.pseudonymous, plan.identifiers, plan.privacy_options, plan.delivered) == (False, [], "", {})


def test_samples_have_pseudonyms_everywhere(project, config, key):
    config |= {"privacy": {"pseudonyms": True}, "predict": ["bo"], "depths": {"cy": [5], "train": ["full"]}}
    plan = load(config)
    ada, bo, cy = (pseudonym(key, name) for name in ("ada", "bo", "cy"))
    assert list(plan.samples) == plan.split_samples == [ada, bo, cy]
    assert [sample.name for sample in plan.samples.values()] == [ada, bo, cy]
    assert plan.config["predict"] == [bo] and plan.depths(cy) == ["5"] and plan.depths(ada) == ["full"]
    assert plan.splits.samples("test") == (cy,)
    told = "".join(plan.documents().values())
    for name in ("ada", "bo.", "cy."):
        assert f'"{name}' not in told and f"/{name}" not in told


def test_labels_are_copied_under_pseudonyms(project, config, key):
    config["privacy"] = {"pseudonyms": True}
    plan = load(config)
    ada = pseudonym(key, "ada")
    assert plan.samples[ada].labels == {
        "truth": f"results/tiny/labels/{ada}.truth.vcf.gz",
        "confident": f"results/tiny/labels/{ada}.confident.bed",
    }
    assert plan.delivered[f"{ada}.truth.vcf.gz"] == "ada.vcf"
    assert plan.samples[ada].fastq == (("ada_1.fq", "ada_2.fq"), ("ada_3.fq", "ada_4.fq"))


def test_what_each_job_is_told_of_privacy(project, config):
    with_consent(project, ada="research", bo="research", cy="research")
    consent = {"research": ["train", "validation", "test"]}
    config["privacy"] = {"encrypt": True, "consent": consent}
    documents = {name: json.loads(content) for name, content in load(config).documents().items()}
    assert documents["dataset"]["privacy"] == {"pseudonyms": False, "encrypted": True, "consent": consent}
    assert documents["examples.ada"]["privacy"] == {"encrypted": True}
    assert documents["dataset"]["samples"]["bo"]["consent"] == "research"


@pytest.mark.parametrize("wish", ["pseudonyms", "encrypt"])
def test_a_missing_key_is_told_before_anything_runs(project, config, monkeypatch, wish):
    monkeypatch.delenv(VARIABLE)
    config["privacy"] = {wish: True}
    (problem,) = problems_of(config)
    assert problem.startswith("privacy: no key found") and VARIABLE in problem


def test_consent_is_checked_with_all_else(project, config):
    with_consent(project, ada="test_only", bo="research")
    config["privacy"] = {
        "consent": {"research": ["train", "validation", "test"], "test_only": ["test"]},
        "identifiers": "none.txt",
    }
    config["baselines"] = ["bcftool"]
    problems = problems_of(config)
    assert any(
        "sample 'ada': consent class 'test_only' allows test, but train is planned" in one for one in problems
    )
    assert any("sample 'cy': no consent class found" in one for one in problems)
    assert any("privacy.identifiers: none.txt" in one for one in problems)
    assert any("bcftool" in one for one in problems) and len(problems) == 4


def test_uses_without_consent_are_refused(project, config):
    config["privacy"] = {"uses": ["commercial"]}
    assert problems_of(config)[0].startswith("privacy.uses: found, but no privacy.consent")


def test_generated_input_has_no_persons(project, config):
    (project / "plan.yaml").write_text("seed: 1\ncontigs: { c1: { random: 100 } }\nsamples: {}\n")
    config |= {"privacy": {"pseudonyms": True}, "simulate": "plan.yaml"}
    assert any(one.startswith("privacy.pseudonyms: found true with simulate") for one in problems_of(config))


def test_a_control_is_renamed_and_needs_the_consent_of_its_sample(key):
    samples = {
        "ada": Sample(name="ada", condition="a", alignments="ada.bam", control="inp", consent="research"),
        "inp": Sample(name="inp", condition="a", alignments="inp.bam", consent="none"),
    }
    splits = {"train": {"samples": ["ada"], "contigs": ["c1"]}}
    section = {"pseudonyms": True, "encrypt": False, "identifiers": None, "uses": []}
    config = {"dataset": "x", "splits": splits, "predict": [], "depths": {}, "simulate": None, "pack": None}
    config["privacy"] = section | {"consent": {"research": ["train"], "none": []}}
    (problem,) = privacy_problems(config, samples)
    assert problem.startswith("sample 'inp': consent class 'none' allows nothing, but train is planned")
    _, renamed, _ = under_pseudonyms(config, samples)
    assert renamed[pseudonym(key, "ada")].control == pseudonym(key, "inp")

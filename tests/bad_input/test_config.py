"""Mistakes in configurations and sheets: all of them are told at once, before anything is computed."""

import shutil

import pytest

from tests.workflow.conftest import ROOT, call_snakemake

HYDRA = ROOT / "config" / "hydra"
SHEETS = {
    "columns": (
        ("sample\tlane\tfastq_1", "sample\tsample\tfastq1"),
        "column 'sample' is there twice",
        "unknown column 'fastq1' (did you mean 'fastq_1'?)",
    ),
    "missing column": (("\tcondition", ""), "column 'condition' is missing"),
    "rows": (("cy\t\t\t", "ada\tL1\t\t"), "sample 'ada': lane L1 is there twice"),
}


@pytest.fixture
def project(tmp_path):
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return tmp_path


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(("change", "said"), [(c, s) for c, *s in SHEETS.values()], ids=SHEETS)
def test_mistakes_of_config_and_sample_sheet_come_together(project, change, said):
    edit(project / "config/demo/samples.tsv", *change)
    edit(project / "config/demo/config.yaml", "baselines:", "basline:")
    edit(project / "config/demo/experiments.tsv", "pileup_gru\t1", "pileup_gruu\t1")
    printed = call_snakemake(project, "--cores", "1", fails=True)
    assert "Traceback" not in printed
    assert "unknown key 'basline' (did you mean 'baselines'?)" in printed
    assert "experiment 'pileup_gruu' has no file" in printed and "(did you mean 'pileup_gru'?)" in printed
    for words in said:
        assert f"config/demo/samples.tsv{',' if 'lane' in words else ':'} {words}" in printed
    assert not (project / "results").exists()


@pytest.mark.parametrize("verb", ["compose", "train"])
def test_all_mistakes_of_an_experiment_come_together(refused, verb):
    message = refused(
        [verb, "experiment=scalars", "trainer.epoch=3", "trainer.batch_size=many", "optimizer.lr=1",
         "dataset.manifest=nowhere/manifest.json", "seed=1", "--config-dir", HYDRA],
        "3 problems",
        "trainer.epoch: unknown key (did you mean 'epochs'?)",
        "trainer.batch_size: found 'many'",
        "optimizer.lr: unknown key",
    )  # fmt: skip
    assert len(message.splitlines()) == 4


def test_an_unknown_experiment(refused):
    refused(
        ["compose", "experiment=pileup_cn", "--config-dir", HYDRA],
        "pileup_cn",
        "did you mean 'pileup_cnn'?",
    )


def test_all_mistakes_of_a_simulation_plan_come_together(refused, spoilt):
    (spoilt / "plan.yaml").write_text(
        "seed: 1\ncontigs:\n  c: {random: 1000}\n"
        "samples:\n  ada: {contig: [c], dept: 30}\n  bo: {contigs: [d], delivery: bma}\n"
    )
    refused(
        ["simulate", "plan.yaml", "--output", "raw"],
        "plan.yaml: ",
        "dept",
        "did you mean 'depth'?",
        "did you mean 'contigs'?",
    )


def test_an_unknown_verb(refused):
    refused(["predct"], "no such verb: 'predct' (did you mean 'predict'?)")

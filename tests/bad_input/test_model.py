"""Checkpoints that do not belong to the examples, to the program, or are none."""

import dataclasses
import json
import shutil

import pytest

from seqmill.applications.small_variants.spec import Options, encoding
from seqmill.files import write_json
from seqmill.training.checkpoint import describe, save
from seqmill.training.compose import compose
from seqmill.training.module import build_module
from tests.bad_input.conftest import write_part
from tests.plan.conftest import ROOT

COUNTS = {"0": 5, "1": 5, "2": 5}


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """A finished run: the smallest network, untrained."""
    folder = tmp_path_factory.mktemp("run")
    write_checkpoint(folder / "checkpoint.ckpt", encoding(Options()))
    write_json(folder / "train.json", {"run_id": ""})
    return folder


def write_checkpoint(path, code):
    config = compose(
        ["experiment=scalars", "dataset.manifest=manifest.json", "seed=1"], ROOT / "config" / "hydra"
    )
    facts = describe(config, code, label_counts=COUNTS, dataset_digest="d", run_id="")
    save(path, build_module(config, code, COUNTS).state_dict(), facts)


def predict(world, model):
    reads = ["--reads", world["ada.bam"], "--reference", world["reference.fa"]]
    return ["predict", "--model", model, *reads, "--output", "calls.vcf.gz"]


def test_a_checkpoint_from_another_encoding(refused, call, run, spoilt, world):
    write_part(spoilt / "part.parquet", Options(columns=33))
    plan = spoilt / "plan.json"
    plan.write_text(json.dumps({**world.plan, "options": {"columns": 33}}))
    code, printed = call(
        "collect", "--part", "part.parquet", "--plan", plan, "--output-dir", spoilt / "dataset"
    )
    assert code == 0, printed
    shutil.copytree(run, spoilt / "run")
    refused(
        ["evaluate", "--run", "run", "--manifest", "dataset/manifest.json", "--plan", plan],
        "run/checkpoint.ckpt: the model was trained on another encoding",
        "options.columns: 33 found, 41 wanted",
        "train a model on these",
    )


def test_a_checkpoint_of_another_version_of_the_program(refused, spoilt, world):
    write_checkpoint(spoilt / "old.ckpt", dataclasses.replace(encoding(Options()), version=0))
    refused(
        predict(world, "old.ckpt"), "old.ckpt: the model was trained on another encoding", "version: 0 found"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such checkpoint"),
        (b"", "no readable"),
        (b"weights\n", "no readable"),
        (b"PK\x03\x04" + bytes(2000), "no readable"),
    ],
)
def test_what_is_no_checkpoint(refused, spoilt, world, content, said):
    if content is not None:
        (spoilt / "model.ckpt").write_bytes(content)
    refused(predict(world, "model.ckpt"), "model.ckpt: ", said, "seqmill train")


def test_a_checkpoint_that_was_not_evaluated(refused, run, world):
    refused(
        predict(world, run / "checkpoint.ckpt"),
        f"{run / 'calibration.json'}: no such file",
        "seqmill evaluate --run",
    )


@pytest.mark.parametrize(
    ("model", "said"),
    [("models:/variants@champion", "which tracking store? give --tracking-uri")],
)
def test_a_registered_model_without_a_store(refused, world, model, said):
    refused(predict(world, model), model, said)


@pytest.fixture
def dataset(call, spoilt, world):
    inputs = ["--part", world["ada.0.parquet"], "--plan", world["plan.json"]]
    code, printed = call("collect", *inputs, "--output-dir", spoilt / "dataset")
    assert code == 0, printed
    return spoilt / "dataset" / "manifest.json"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "run: no metrics.json; score it first"),
        ({"metrics.json": "{", "items.parquet": ""}, "run/metrics.json: whole JSON wanted"),
        ({"metrics.json": "{}", "items.parquet": ""}, "run/metrics.json: key 'dataset' is missing"),
    ],
)
def test_comparing_what_was_not_scored(refused, dataset, spoilt, files, said):
    (spoilt / "run").mkdir()
    for name, content in files.items():
        (spoilt / "run" / name).write_text(content)
    refused(["compare", "--run", "run", "--manifest", dataset, "--output-dir", "compared"], said)


def test_read_reports_are_checked_before_anything_is_written(refused, dataset, world):
    inputs = ["--run", "run", "--manifest", dataset, "--read-report", world["plan.json"]]
    refused(
        ["compare", *inputs, "--output-dir", "compared"], f"{world['plan.json']}: key 'sample' is missing"
    )

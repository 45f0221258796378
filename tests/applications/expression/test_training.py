"""From planted promoters to models that have found the motif: scores, report, predictions, effects."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from click.testing import CliRunner

from seqmill.cli.main import cli
from seqmill.evaluation.baseline import evaluate_baseline
from seqmill.evaluation.ensemble import evaluate_ensemble
from seqmill.evaluation.run import evaluate_run
from seqmill.files import read_json
from seqmill.genome.reference import Reference
from seqmill.interpretation.model import open_model
from seqmill.models.sequence import one_hot, reverse_complement
from seqmill.training.compose import compose
from seqmill.training.train import Places, train
from tests.applications.expression import planted

HYDRA = Path(__file__).parents[3] / "config" / "hydra"
SETTINGS = [
    "model.options.channels=16",
    "model.options.stem=9",
    "model.options.dropout=0.1",
    "trainer.epochs=20",
    "trainer.evaluate_every=4",
    "trainer.batch_size=32",
    "trainer.precision=fp32",
    "optimizer.learning_rate=5e-3",
    "optimizer.weight_decay=0.01",
]
RUNS = {"cnn-1": ("expression_cnn", 1), "cnn-2": ("expression_cnn", 2), "gru-1": ("expression_gru", 1)}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study(dataset, world, empty_store, tmp_path_factory):
    """Two seeds of the CNN, their mean, the recurrent network and a baseline, all scored."""
    folder = tmp_path_factory.mktemp("study")
    shutil.copy(empty_store, folder / "mlflow.db")
    store = f"sqlite:///{folder / 'mlflow.db'}"
    for name, (experiment, seed) in RUNS.items():
        given = [f"experiment={experiment}", f"seed={seed}", f"dataset.manifest={dataset.manifest.path}"]
        places = Places(output=folder / name, state=folder / "state", store=store, store_experiment="toys")
        train(compose([*given, *SETTINGS], HYDRA), places)
        evaluate_run(folder / name, dataset)
    evaluate_ensemble([folder / "cnn-1", folder / "cnn-2"], dataset, output=folder / "ensemble")
    evaluate_baseline("gc", dataset, alignments={"leaf": world.regions}, output=folder / "gc")
    return folder


def call(arguments):
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output


def score(folder, name="pearson.level.leaf"):
    return {row["metric"]: row["value"] for row in read_json(folder / "metrics.json")["metrics"]}[name]


def test_networks_find_what_the_share_of_g_and_c_does_not_tell(study):
    assert min(score(study / name) for name in RUNS) > 0.7
    assert score(study / "ensemble") > score(study / "gc") + 0.4
    assert score(study / "ensemble", "r2.level.leaf") > 0.5


def test_the_mean_of_the_seeds_is_the_mean_of_their_levels(study):
    first, second, mean = (
        pd.read_parquet(study / name / "predictions.parquet")["predicted_level"]
        for name in ("cnn-1", "cnn-2", "ensemble")
    )
    np.testing.assert_allclose(mean, (first + second) / 2, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["cnn-1", "gru-1"])
def test_the_motif_acts_forward_and_not_turned_round(study, name):
    model, _ = open_model(study / name / "checkpoint.ckpt")
    assert not model.both_strands
    background = np.random.default_rng(5).integers(0, 4, (60, model.length)).astype(np.uint8)
    planted_in = background.copy()
    planted_in[:, 15 : 15 + len(planted.MOTIF)] = ["ACGT".index(base) for base in planted.MOTIF]
    x, plain = (one_hot(torch.from_numpy(codes)) for codes in (planted_in, background))
    with torch.no_grad():
        forward = float((model.function(x) - model.function(plain)).mean())
        turned = float(
            (model.function(reverse_complement(x)) - model.function(reverse_complement(plain))).mean()
        )
    assert forward > 1.2
    assert turned < 0.4 * forward


def test_the_command_line_compares_predicts_and_tells_effects(study, dataset, world):
    runs = [str(study / name) for name in (*RUNS, "ensemble")]
    given = ["compare", "--run", *runs, "--baseline", str(study / "gc")]
    call([*given, "--manifest", str(dataset.manifest.path), "--output-dir", str(study)])
    board = pd.read_csv(study / "leaderboard.tsv", sep="\t")
    assert {"pearson.level.leaf", "spearman.level.leaf", "r2.level.leaf"} <= set(board["metric"])
    assert set(board["experiment"]) == {"expression_cnn", "expression_cnn_ensemble", "expression_gru", "gc"}
    assert "Predicted and observed" in (study / "report.html").read_text()

    model = ["--model", str(study / "cnn-1" / "checkpoint.ckpt"), "--reference", str(world.reference)]
    call(["predict", *model, "--regions", str(world.regions), "--output", str(study / "levels.tsv")])
    table = pd.read_csv(study / "levels.tsv", sep="\t").set_index("name")["level"]
    scored = pd.read_parquet(study / "cnn-1" / "predictions.parquet").set_index("name")["predicted_level"]
    np.testing.assert_allclose(table[scored.index], scored, atol=2e-4)

    with Reference(world.reference) as reference:
        base = reference.fetch("c3", 2030, 2031)
    records = ["##fileformat=VCFv4.3", "##contig=<ID=c3>", "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"]
    records.append(f"c3\t2031\t.\t{base}\t{'A' if base != 'A' else 'C'}\t.\t.\t.")
    (study / "v.vcf").write_text("\n".join(records) + "\n")
    given = [
        "--vcf",
        str(study / "v.vcf"),
        "--output",
        str(study / "e.vcf.gz"),
        "--table",
        str(study / "e.tsv"),
    ]
    call(["effects", *model, *given])
    (effect,) = pd.read_csv(study / "e.tsv", sep="\t").to_dict("records")
    assert (effect["contig"], effect["position"]) == ("c3", 2031)

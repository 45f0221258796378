"""From planted reads to a model that has found the motif, its scores, its report and its predictions."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pysam
import pytest
import torch
from click.testing import CliRunner

from seqmill.cli.main import cli
from seqmill.evaluation.baseline import evaluate_baseline
from seqmill.evaluation.ensemble import evaluate_ensemble
from seqmill.evaluation.run import evaluate_run
from seqmill.files import read_json
from seqmill.interpretation.model import open_model
from seqmill.lineage.read import read_lineage
from seqmill.models.sequence import one_hot
from seqmill.training.compose import compose
from seqmill.training.train import Places, train
from tests.applications.accessibility import planted
from tests.applications.accessibility.called import call_variants, write_sites

HYDRA = Path(__file__).parents[3] / "config" / "hydra"
SETTINGS = [
    "experiment=atac_cnn",
    "model.options.channels=16",
    "model.options.stem=11",
    "model.options.dilations=[1,2,4]",
    "model.options.step=50",
    "augmentation.jitter=150",
    "trainer.epochs=40",
    "trainer.evaluate_every=4",
    "trainer.batch_size=4",
    "trainer.precision=fp32",
    "optimizer.learning_rate=1e-2",
]


@pytest.fixture(scope="module")
def study(dataset, world, empty_store, tmp_path_factory):
    """Two trained seeds, their mean, and two baselines, all scored."""
    folder = tmp_path_factory.mktemp("study")
    shutil.copy(empty_store, folder / "mlflow.db")
    store = f"sqlite:///{folder / 'mlflow.db'}"
    runs = []
    for seed in (1, 2):
        given = [*SETTINGS, f"dataset.manifest={dataset.manifest.path}", f"seed={seed}"]
        output = folder / f"seed-{seed}"
        places = Places(output=output, state=folder / "state", store=store, store_experiment="toys")
        train(compose(given, HYDRA), places)
        evaluate_run(output, dataset)
        runs.append(output)
    evaluate_ensemble(runs, dataset, output=folder / "ensemble")
    for name in ("gc", "kmer_ridge"):
        evaluate_baseline(name, dataset, alignments={"ada": world.reads}, output=folder / name)
    return folder


def call(arguments):
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output


def score(folder, name="pearson.log_count.atac"):
    return {row["metric"]: row["value"] for row in read_json(folder / "metrics.json")["metrics"]}[name]


@pytest.mark.slow
def test_the_model_beats_what_does_not_read_the_order_of_bases(study):
    assert min(score(study / f"seed-{seed}") for seed in (1, 2)) > 0.6
    assert score(study / "ensemble") > score(study / "kmer_ridge") + 0.1
    assert score(study / "ensemble") > score(study / "gc") + 0.1
    assert score(study / "seed-1", "auroc.open.atac") > 0.8


@pytest.mark.slow
def test_the_mean_of_the_seeds_is_the_mean_of_their_outputs(study):
    tables = [pd.read_parquet(study / name / "predictions.parquet") for name in ("seed-1", "seed-2")]
    mean = pd.read_parquet(study / "ensemble" / "predictions.parquet")
    for name in ("log_count_0", "log_rate_7"):
        np.testing.assert_allclose(mean[name], (tables[0][name] + tables[1][name]) / 2, rtol=1e-5, atol=1e-6)


@pytest.mark.slow
def test_the_motif_opens_chromatin_and_its_shuffles_do_not(study):
    model, _ = open_model(study / "seed-1" / "checkpoint.ckpt")
    rng = np.random.default_rng(5)
    background = rng.integers(0, 4, (30, model.length)).astype(np.uint8)
    middle = model.length // 2

    def opened(word: str) -> float:
        changed = background.copy()
        changed[:, middle : middle + len(word)] = ["ACGT".index(base) for base in word]
        with torch.no_grad():
            told = [model.function(one_hot(torch.from_numpy(codes)))[:, 0] for codes in (changed, background)]
        return float((told[0] - told[1]).mean())

    shuffles = ["".join(rng.permutation(list(planted.MOTIF))) for _ in range(10)]
    assert opened(planted.MOTIF) > max(map(opened, shuffles)) + 0.2


@pytest.mark.slow
def test_the_command_line_compares_and_predicts(study, dataset, world):
    runs = [str(study / name) for name in ("seed-1", "seed-2", "ensemble")]
    baselines = [str(study / name) for name in ("gc", "kmer_ridge")]
    given = ["compare", "--run", *runs, "--baseline", *baselines, "--manifest", str(dataset.manifest.path)]
    call([*given, "--output-dir", str(study)])
    board = pd.read_csv(study / "leaderboard.tsv", sep="\t")
    assert set(board["experiment"]) == {"atac_cnn", "atac_cnn_ensemble", "gc", "kmer_ridge"}
    assert {"pearson.log_count.atac", "auroc.open.atac", "mean.profile.atac"} <= set(board["metric"])
    page = (study / "report.html").read_text()
    assert "Predicted and observed" in page
    assert "truth alleles" not in page.lower()
    model = str(study / "seed-1" / "checkpoint.ckpt")
    output = study / "c3.tsv"
    given = ["predict", "--model", model, "--reference", str(world.reference), "--contig", "c3"]
    call([*given, "--output", str(output)])
    predictions = pd.read_parquet(study / "seed-1" / "predictions.parquet")
    tile = predictions[(predictions["contig"] == "c3") & (predictions["start"] == 2000)].iloc[0]
    table = pd.read_csv(output, sep="\t").set_index("start")["log_count"]
    assert table[2300] == pytest.approx(float(tile["log_count_3"]), abs=1e-3)


@pytest.mark.slow
def test_reads_become_called_variants_and_these_their_predicted_function(study, world, tmp_path):
    """Two models meet on one genome: one calls variants from reads, the other says what they close."""
    inside, far = write_sites(tmp_path / "sites.vcf", world.reference, world.places["c3"])
    store = f"sqlite:///{study / 'mlflow.db'}"
    calls = call_variants(tmp_path, world.reference, hydra=HYDRA, store=store, call=call)
    output, model = tmp_path / "effects.vcf.gz", str(study / "seed-1" / "checkpoint.ckpt")
    given = ["effects", "--model", model, "--reference", str(world.reference), "--vcf", str(calls)]
    call([*given, "--output", str(output)])
    with pysam.VariantFile(str(output)) as found:
        effects = {one.start: one.info["EFFECT_log_count"][0] for one in found}
    assert len(effects.keys() & (inside | far)) >= 0.9 * len(inside | far)
    closing, others = ([effects[at] for at in places & effects.keys()] for places in (inside, far))
    for where, found in (("in a motif", closing), ("elsewhere", others)):
        print(f"{len(found)} called {where}: {min(found):.2f} to {max(found):.2f}")
    assert max(closing) < -0.2 and np.mean(closing) < -0.6
    assert max(map(abs, others)) < np.mean(np.abs(closing)) / 2
    kinds = {node.kind for node in read_lineage(output).walk()}
    assert {"variant effects", "calls", "reads", "checkpoint", "dataset", "reference"} <= kinds

"""From planted reads to a model that has found the motifs, its scores, its report and its predictions."""

import shutil
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from click.testing import CliRunner

from seqmill.applications.methylation.bedmethyl import read_bedmethyl
from seqmill.cli.main import cli
from seqmill.evaluation.baseline import evaluate_baseline
from seqmill.evaluation.run import evaluate_run
from seqmill.files import read_json
from seqmill.genome.bases import codes_of
from seqmill.interpretation.model import open_model
from seqmill.models.sequence import one_hot
from seqmill.training.compose import compose
from seqmill.training.train import Places, train
from tests.applications.methylation.conftest import BISULFITE

HYDRA = Path(__file__).parents[3] / "config" / "hydra"
SETTINGS = [
    "model.options.channels=16",
    "model.options.stem=5",
    "model.options.hidden=16",
    "trainer.batch_size=128",
    "trainer.precision=fp32",
    "optimizer.learning_rate=1e-2",
]
CNN = [*SETTINGS, "experiment=methylation_cnn", "model.options.dilations=[1]", "trainer.epochs=6"]
GRU = [*SETTINGS, "experiment=methylation_gru", "model.options.units=8", "trainer.epochs=3"]


@pytest.fixture(scope="module")
def fit(empty_store, tmp_path_factory):
    """Train and score a network on a dataset."""
    folder = tmp_path_factory.mktemp("study")
    shutil.copy(empty_store, folder / "mlflow.db")
    store = f"sqlite:///{folder / 'mlflow.db'}"

    def fit(dataset, settings):
        output = folder / f"{dataset.manifest.dataset}_{settings[-3].partition('=')[2]}"
        given = [*settings, f"dataset.manifest={dataset.manifest.path}", "seed=1"]
        places = Places(output=output, state=folder / "state", store=store, store_experiment="toys")
        train(compose(given, HYDRA), places)
        evaluate_run(output, dataset)
        return output

    return fit


@pytest.fixture(scope="module")
def cnn(fit, dataset):
    return fit(dataset, CNN)


def call(arguments):
    done = CliRunner().invoke(cli, list(map(str, arguments)), catch_exceptions=False)
    assert done.exit_code == 0, done.output


def scores(folder):
    return {row["metric"]: row["value"] for row in read_json(folder / "metrics.json")["metrics"]}


@pytest.mark.slow
def test_the_cnn_finds_the_sites_of_both_marks(cnn):
    found = scores(cnn)
    for mark in ("6mA", "5mC"):
        assert found[f"auprc.{mark}.clean"] > 0.9
        assert found[f"auprc.{mark}_truth.clean"] > 0.9
        assert found[f"pearson.{mark}.clean"] > 0.8
        assert found[f"ece.{mark}"] < 0.05


@pytest.mark.slow
def test_the_recurrent_network_finds_them_too(fit, dataset):
    found = scores(fit(dataset, GRU))
    assert min(found[f"auprc.{mark}.clean"] for mark in ("6mA", "5mC")) > 0.8


@pytest.mark.slow
def test_bisulfite_reads_teach_the_same_motif(fit, build):
    found = scores(fit(build("bisulfite", BISULFITE), CNN))
    assert found["auprc.5mC.clean"] > 0.9
    assert not any("truth" in name or "6mA" in name for name in found)


@pytest.mark.slow
@pytest.mark.parametrize(("mark", "motif", "offset"), [("6mA", "GATC", 1), ("5mC", "CCAGG", 1)])
def test_each_motif_marks_its_site_and_its_shuffles_do_not(cnn, mark, motif, offset):
    model, _ = open_model(cnn / "checkpoint.ckpt")
    background = np.random.default_rng(5).integers(0, 4, (40, model.length)).astype(np.uint8)
    middle = model.length // 2

    def told(word: str) -> float:
        changed = background.copy()
        changed[:, middle - offset : middle - offset + len(word)] = codes_of(word)
        with torch.no_grad():
            outputs = model.function(one_hot(torch.from_numpy(changed)))
        return float(outputs[:, model.outputs.index(mark)].mean())

    shuffles = {"".join(word) for word in permutations(motif) if word[offset] == motif[offset]} - {motif}
    assert told(motif) > max(map(told, shuffles)) + 1


@pytest.mark.slow
def test_the_command_line_compares_and_predicts(cnn, dataset, world):
    for name in ("gc", "context", "reads"):
        output = cnn.parent / name
        evaluate_baseline(name, dataset, alignments={"ada": world.folder / "modified.bam"}, output=output)
    baselines = [cnn.parent / name for name in ("gc", "context", "reads")]
    manifest = ["--manifest", dataset.manifest.path]
    call(["compare", "--run", cnn, "--baseline", *baselines, *manifest, "--output-dir", cnn.parent])
    board = pd.read_csv(cnn.parent / "leaderboard.tsv", sep="\t")
    assert {"auprc.6mA.clean", "pearson.5mC.clean", "ece.6mA"} <= set(board["metric"])
    auprc = board[board["metric"] == "auprc.6mA.clean"].set_index("experiment")["value"]
    assert auprc["methylation_cnn"] > auprc.drop("methylation_cnn").max() + 0.2
    output = cnn.parent / "t1.bed.gz"
    given = ["--model", cnn / "checkpoint.ckpt", "--reference", world.reference, "--contig", "t1"]
    call(["predict", *given, "--output", output])
    told = read_bedmethyl(output).set_index(["position", "strand", "mark"])["level"]
    predictions = pd.read_parquet(cnn / "predictions.parquet")
    tested = predictions[(predictions["contig"] == "t1") & (predictions["coverage_5mC"] > 0)].iloc[:50]
    for row in tested.itertuples():
        strand = 1 if row.strand == "+" else -1
        assert told[row.start, strand, "5mC"] == pytest.approx(row.predicted_level_1, abs=1e-4)

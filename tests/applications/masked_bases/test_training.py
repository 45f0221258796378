"""From a genome in words to a model that reads them, its scores, its track, and what starts from it."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyBigWig
import pytest
import torch
from click.testing import CliRunner

from seqmill.applications.accessibility.spec import Options as EndsOptions
from seqmill.applications.accessibility.spec import encoding as ends_encoding
from seqmill.cli.main import cli
from seqmill.evaluation.baseline import evaluate_baseline
from seqmill.evaluation.run import evaluate_run
from seqmill.files import read_json
from seqmill.training.compose import compose
from seqmill.training.initial import find_initial, start_from
from seqmill.training.module import build_module
from seqmill.training.train import Places, train

HYDRA = Path(__file__).parents[3] / "config" / "hydra"
SIZE = ["model.options.channels=16", "model.options.dilations=[1]"]
SETTINGS = [
    "experiment=masked_cnn",
    *SIZE,
    "augmentation.jitter=50",
    "trainer.epochs=30",
    "trainer.evaluate_every=10",
    "trainer.batch_size=8",
    "trainer.precision=fp32",
    "optimizer.learning_rate=1e-2",
    "seed=1",
]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study(dataset, world, empty_store, tmp_path_factory):
    """A trained model and the baselines, all scored."""
    folder = tmp_path_factory.mktemp("study")
    shutil.copy(empty_store, folder / "mlflow.db")
    store = f"sqlite:///{folder / 'mlflow.db'}"
    output = folder / "model"
    places = Places(output=output, state=folder / "state", store=store, store_experiment="toys")
    train(compose([*SETTINGS, f"dataset.manifest={dataset.manifest.path}"], HYDRA), places)
    evaluate_run(output, dataset)
    for name in ("composition", "markov"):
        evaluate_baseline(name, dataset, alignments={"ada": world.regions}, output=folder / name)
    return folder


def scores(folder):
    return {row["metric"]: row["value"] for row in read_json(folder / "metrics.json")["metrics"]}


def test_the_model_reads_the_words(study):
    model, chain, shares = (scores(study / name) for name in ("model", "markov", "composition"))
    assert shares["perplexity.wild"] == pytest.approx(4, abs=0.1)
    assert chain["order"] == 6 and chain["perplexity.wild"] < 2
    assert model["mean.accuracy.wild"] > 0.8 and model["perplexity.wild"] < 2
    assert model["mean.log2_likelihood.wild"] > shares["mean.log2_likelihood.wild"] + 1


def test_the_command_line_compares_and_tells_each_base(study, dataset, world):
    def call(arguments):
        done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output

    given = ["compare", "--run", str(study / "model"), "--baseline"]
    given += [str(study / name) for name in ("composition", "markov")]
    call([*given, "--manifest", str(dataset.manifest.path), "--output-dir", str(study)])
    board = pd.read_csv(study / "leaderboard.tsv", sep="\t")
    assert set(board["experiment"]) == {"masked_cnn", "composition", "markov"}
    model, regions = str(study / "model" / "checkpoint.ckpt"), study / "asked.bed"
    regions.write_text("c3\t2900\t3800\nc3\t11500\t12000\n")
    given = ["predict", "--model", model, "--reference", str(world.reference), "--regions", str(regions)]
    call([*given, "--output", str(study / "c3.bw")])
    with pyBigWig.open(str(study / "c3.bw")) as handle:
        values = np.array(handle.values("c3", 0, 12_000))
    told = np.flatnonzero(~np.isnan(values))
    assert told.tolist() == [*range(2900, 3000), *range(3700, 3800), *range(11_500, 12_000)]
    # what is hidden beside a base is each seventh from the first base of the piece on, as in an example there
    assert values[told].max() <= 0
    assert values[11_500:12_000].mean() > -1


def test_a_network_of_another_application_starts_from_its_trunk(study):
    encoding = ends_encoding(EndsOptions())
    run = compose(["experiment=atac_cnn", *SIZE, "dataset.manifest=x", "seed=2"], HYDRA)
    module = build_module(run, encoding, {})
    initial = find_initial(str(study / "model" / "checkpoint.ckpt"), "")
    start = start_from(module, initial, encoding)
    saved = torch.load(initial.path, weights_only=True)["state_dict"]
    trunk = {name for name in saved if name.startswith("network.trunk.")}
    assert set(start.taken) == trunk and start.left == ()
    assert all(name.startswith("network.head.") for name in start.drawn)
    assert all(torch.equal(module.state_dict()[name], saved[name]) for name in trunk)

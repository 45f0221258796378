"""From planted sites to a model that knows them: scores, report, predictions, motifs."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from seqmill.cli.main import cli
from seqmill.evaluation.baseline import evaluate_baseline
from seqmill.evaluation.ensemble import evaluate_ensemble
from seqmill.evaluation.run import evaluate_run
from seqmill.files import read_json
from seqmill.genome.meme import read_meme
from seqmill.training.compose import compose
from seqmill.training.train import Places, train
from tests.applications.tf_binding import planted

HYDRA = Path(__file__).parents[3] / "config" / "hydra"
SETTINGS = [
    "model.options.channels=16",
    "model.options.hidden=16",
    "trainer.epochs=15",
    "trainer.evaluate_every=3",
    "trainer.batch_size=32",
    "trainer.precision=fp32",
    "optimizer.learning_rate=1e-2",
]
RUNS = {"cnn-1": "tf_cnn", "cnn-2": "tf_cnn", "gru-1": "tf_gru"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study(dataset, world, empty_store, tmp_path_factory):
    """Two trained seeds of the CNN, their mean, the recurrent network and the baselines, all scored."""
    folder = tmp_path_factory.mktemp("study")
    shutil.copy(empty_store, folder / "mlflow.db")
    store = f"sqlite:///{folder / 'mlflow.db'}"
    for name, experiment in RUNS.items():
        given = [f"experiment={experiment}", *SETTINGS, f"dataset.manifest={dataset.manifest.path}"]
        output = folder / name
        places = Places(output=output, state=folder / "state", store=store, store_experiment="toys")
        train(compose([*given, f"seed={name[-1]}"], HYDRA), places)
        evaluate_run(output, dataset)
    evaluate_ensemble([folder / "cnn-1", folder / "cnn-2"], dataset, output=folder / "ensemble")
    for name in ("gc", "kmer_ridge", "motif_score"):
        evaluate_baseline(name, dataset, alignments={"ada": world.peaks}, output=folder / name)
    return folder


def call(*arguments):
    done = CliRunner().invoke(cli, [str(one) for one in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output


def score(folder, name):
    return {row["metric"]: row["value"] for row in read_json(folder / "metrics.json")["metrics"]}[name]


def test_a_student_of_a_tenth_of_the_labels_learns_from_its_teachers(study, dataset):
    teachers = ",".join(str(study / name / "checkpoint.ckpt") for name in ("cnn-1", "cnn-2"))
    given = ["experiment=tf_self_1", *SETTINGS, f"dataset.manifest={dataset.manifest.path}", "seed=1"]
    given += [f"augmentation.teachers=[{teachers}]", "augmentation.labelled=0.1"]
    places = Places(
        output=study / "student",
        state=study / "state",
        store=f"sqlite:///{study / 'mlflow.db'}",
        store_experiment="toys",
    )
    train(compose(given, HYDRA), places)
    evaluate_run(places.output, dataset)
    for factor in planted.MOTIFS:
        assert score(places.output, f"auroc.{factor}.chip.shuffled") > 0.9


@pytest.mark.parametrize("run", [*RUNS, "ensemble"])
def test_networks_know_the_sites_of_both_factors(study, run):
    for factor in planted.MOTIFS:
        assert score(study / run, f"auroc.{factor}.chip.shuffled") > 0.9
        assert score(study / run, f"auroc.{factor}.chip.gc_matched") > 0.9
        assert score(study / run, f"auroc.{factor}.chip.other_factors") > 0.9


def test_the_mean_of_the_seeds_is_the_mean_of_their_logits(study):
    tables = [pd.read_parquet(study / name / "predictions.parquet") for name in ("cnn-1", "cnn-2")]
    mean = pd.read_parquet(study / "ensemble" / "predictions.parquet")
    np.testing.assert_allclose(
        mean["logit_1"], (tables[0]["logit_1"] + tables[1]["logit_1"]) / 2, rtol=1e-4, atol=1e-5
    )


def test_the_command_line_compares_predicts_and_explains(study, dataset, world):
    runs = [study / name for name in (*RUNS, "ensemble")]
    baselines = [study / name for name in ("gc", "kmer_ridge", "motif_score")]
    given = ["compare", "--run", *runs, "--baseline", *baselines, "--manifest", dataset.manifest.path]
    call(*given, "--output-dir", study)
    board = pd.read_csv(study / "leaderboard.tsv", sep="\t")
    assert {"tf_cnn_ensemble", "tf_gru", "motif_score"} <= set(board["experiment"])
    assert {"auroc.AAA1.chip.shuffled", "auprc.BBB2.chip.other_factors"} <= set(board["metric"])
    model = study / "cnn-1" / "checkpoint.ckpt"
    call(
        "predict",
        "--model",
        model,
        "--reference",
        world.reference,
        "--contig",
        "c3",
        "--output",
        study / "c3.tsv.gz",
    )
    told = pd.read_csv(study / "c3.tsv.gz", sep="\t")
    peaks = pd.read_csv(world.folder / "peaks.bed", sep="\t")
    for factor in planted.MOTIFS:
        there = peaks[(peaks["#contig"] == "c3") & (peaks["factor"] == factor)]["start"]
        near = told["start"].map(lambda start, there=there: (there - start).abs().min() <= 10)
        far = told["start"].map(lambda start, there=there: (there - start).abs().min() > 60)
        assert told.loc[near, factor].median() > told.loc[far, factor].quantile(0.9)


def test_the_motifs_that_were_learnt_are_named(study, world):
    (study / "regions.bed").write_text(
        "".join(
            "\t".join(line.split("\t")[:3]) + "\n"
            for line in (world.folder / "peaks.bed").read_text().splitlines()
            if line.startswith("c3")
        )
    )
    for factor in planted.MOTIFS:
        output = study / f"explain-{factor}"
        given = ["--model", study / "cnn-1" / "checkpoint.ckpt", "--reference", world.reference]
        given += [
            "--regions",
            study / "regions.bed",
            "--motifs",
            world.motifs,
            "--target",
            factor,
            "--no-control",
        ]
        call("explain", *given, "--output-dir", output)
        matches = pd.read_csv(output / "matches.tsv", sep="\t")
        first = read_meme(output / "motifs.meme")[0].name
        best = matches[matches["motif"] == first].iloc[0]
        assert best["target"] == f"{factor}.0.X"

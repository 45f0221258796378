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
FEW = "model.options.positional=16"
RUNS = {
    "cnn-1": ["experiment=expression_cnn", "seed=1", FEW],
    "cnn-2": ["experiment=expression_cnn", "seed=2", FEW],
    "gru-1": ["experiment=expression_gru", "seed=1"],
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study(dataset, world, empty_store, tmp_path_factory):
    """Two seeds of the CNN, their mean, the recurrent network and a baseline, all scored."""
    folder = tmp_path_factory.mktemp("study")
    shutil.copy(empty_store, folder / "mlflow.db")
    store = f"sqlite:///{folder / 'mlflow.db'}"
    for name, own in RUNS.items():
        given = [*own, f"dataset.manifest={dataset.manifest.path}"]
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


def test_the_command_line_compares_and_predicts(study, dataset, world):
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


def test_a_variant_in_a_promoter_of_the_reverse_strand_changes_what_is_predicted_of_it(study, world):
    checkpoint = study / "cnn-1" / "checkpoint.ckpt"
    start, end, at = 2060, 2100, 2075  # the promoter c3_41
    with Reference(world.reference) as reference:
        codes = reference.codes("c3", start, end)
    other = codes.copy()
    other[at - start] = (codes[at - start] + 1) % 4
    bases = ["ACGT"[own[at - start]] for own in (codes, other)]
    columns = ["CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
    record = ["c3", str(at + 1), ".", *bases, ".", ".", "."]
    lines = ["##fileformat=VCFv4.3", "##contig=<ID=c3>", "#" + "\t".join(columns), "\t".join(record)]
    (study / "v.vcf").write_text("\n".join(lines) + "\n")
    given = ["effects", "--model", str(checkpoint), "--reference", str(world.reference)]
    given += ["--regions", str(world.folder / "regions.bed"), "--vcf", str(study / "v.vcf")]
    call([*given, "--output", str(study / "e.vcf.gz"), "--table", str(study / "e.tsv")])
    (effect,) = pd.read_csv(study / "e.tsv", sep="\t").to_dict("records")
    model, _ = open_model(checkpoint)
    x = reverse_complement(one_hot(torch.from_numpy(np.stack([codes, other]))))
    with torch.no_grad():
        before, after = model.function(x)[:, 0].tolist()
    assert effect["effect_level"] == pytest.approx(after - before, abs=1e-3)
    assert abs(after - before) > 1e-3

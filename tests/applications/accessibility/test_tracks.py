"""Samples of two conditions, from their fragments to one model with an output for each."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyBigWig
import pysam
import pytest
import torch
from click.testing import CliRunner

from seqmill.cli.main import cli
from seqmill.errors import InputError
from seqmill.evaluation.dataset import Dataset
from seqmill.evaluation.run import evaluate_run
from seqmill.files import read_json
from seqmill.interpretation.model import open_model
from seqmill.models.sequence import one_hot
from seqmill.training.compose import compose
from seqmill.training.train import Places, train
from tests.applications.accessibility import tracks

HYDRA = Path(__file__).parents[3] / "config" / "hydra"
SHARED = [
    "model.options.channels=16",
    "model.options.stem=11",
    "augmentation.jitter=100",
    "trainer.evaluate_every=4",
    "trainer.batch_size=4",
    "trainer.precision=fp32",
    "optimizer.learning_rate=1e-2",
]
NETWORKS = {
    "atac_cnn": ["model.options.dilations=[1,2,4]", "model.options.step=50", "trainer.epochs=40"],
    "atac_gru": [
        "model.options.context=2",
        "model.options.units=8",
        "model.options.step=100",
        "trainer.epochs=40",
    ],
    "atac_attention": [
        "model.options.dilations=[1,2,4]",
        "model.options.blocks=1",
        "model.options.heads=2",
        "model.options.reach=6",
        "model.options.step=100",
        "trainer.epochs=28",
    ],
}


PAIR = ("ada", "bo")


def call(arguments):
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A genome, and the dataset of three samples of two conditions."""
    folder = tmp_path_factory.mktemp("tracks")
    genome = tracks.write_world(folder)
    tracks.make_dataset(folder / "all", genome, call=call, samples=list(tracks.SAMPLES))
    return folder


@pytest.fixture(scope="module")
def study(world, empty_store):
    """One network of each kind, trained on a sample of each condition and scored."""
    shutil.copy(empty_store, world / "mlflow.db")
    tracks.make_dataset(world / "pair", world / "genome.fa", call=call, samples=PAIR)
    dataset = Dataset.open(world / "pair" / "plan.json", world / "pair" / "dataset" / "manifest.json")
    for name, own in NETWORKS.items():
        given = [f"experiment={name}", *SHARED, *own, f"dataset.manifest={dataset.manifest.path}", "seed=1"]
        store = f"sqlite:///{world / 'mlflow.db'}"
        output = world / name
        places = Places(output=output, state=world / "state", store=store, store_experiment="toys")
        train(compose(given, HYDRA), places)
        evaluate_run(output, dataset)
    return world


def metrics(folder):
    return {row["metric"]: row["value"] for row in read_json(folder / "metrics.json")["metrics"]}


def test_examples_tell_their_track_and_are_counted_by_it(world):
    table = pd.concat([pd.read_parquet(world / "all" / f"{name}.parquet") for name in tracks.SAMPLES])
    found = table.groupby("sample")["track"].unique().map(list).to_dict()
    assert found == {"ada": [0], "ann": [0], "bo": [1]}
    told = read_json(world / "all" / "dataset" / "labels.json")
    assert told["classes"]["train"] == {"control": 48, "treated": 24}
    assert told["labels"]["train"]["track"] == {"0": 48, "1": 24}
    manifest = read_json(world / "all" / "dataset" / "manifest.json")
    assert manifest["encoding"]["options"]["tracks"] == ["control", "treated"]


def test_a_baseline_says_of_a_track_what_it_says_where_there_is_no_other(world, tmp_path):
    genome = world / "genome.fa"
    options = {key: value for key, value in tracks.OPTIONS.items() if key != "tracks"}
    (tmp_path / "genes.bed").write_text("c1\t900\t2000\ta\t0\t+\nc3\t5000\t7000\tb\t0\t-\n")
    for samples, condition in ((["ada", "ann"], "control"), (["bo"], "treated")):
        alone = tmp_path / condition
        tracks.make_dataset(alone, genome, call=call, samples=samples, options=options)
        for name in ("gc", "kmer_ridge", "tss_distance"):
            own, shared = (scored(name, folder, tmp_path) for folder in (alone, world / "all"))
            shared = shared[shared["cell"] == condition]
            merged = own.merge(shared, on=["sample", "contig", "start"], suffixes=("", "_shared"))
            assert len(merged) == len(own) == len(shared) > 0
            np.testing.assert_allclose(
                merged["predicted_log_count"], merged["predicted_log_count_shared"], rtol=1e-9
            )
            assert "predicted_difference" in shared and "predicted_difference" not in own


def scored(name, folder, scratch):
    """Give the items of a baseline on the test split."""
    from seqmill.applications.application import load_object
    from seqmill.applications.scoring import OperatingPoints
    from seqmill.evaluation.dataset import read_examples

    dataset = Dataset.open(folder / "plan.json", folder / "dataset" / "manifest.json")
    job = dataset.job("test", {}, examples=read_examples(dataset.manifest, "test", threads=1), threads=1)
    job.plan["files"] = {"transcripts": str(scratch / "genes.bed")}
    return load_object(dataset.application.baselines[name])(job).items(OperatingPoints([]))


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_each_output_answers_to_its_own_motif_alone(study, name):
    model, _ = open_model(study / name / "checkpoint.ckpt")
    assert model.outputs == ("control", "treated")
    background = np.random.default_rng(5).integers(0, 4, (60, model.length)).astype(np.uint8)

    def opened(word: str) -> np.ndarray:
        """Give the mean change of each output when a word is put into the middle."""
        changed = background.copy()
        middle = (model.length - len(word)) // 2
        changed[:, middle : middle + len(word)] = ["ACGT".index(base) for base in word]
        with torch.no_grad():
            told = [model.function(one_hot(torch.from_numpy(codes))) for codes in (changed, background)]
        return (told[0] - told[1]).mean(0).numpy()

    effects = np.stack([opened(word) for word in tracks.MOTIFS.values()])
    print(name, effects.round(2).tolist())
    assert np.diag(effects).min() > 1
    assert np.abs(effects[~np.eye(2, dtype=bool)]).max() < np.diag(effects).min() / 3


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_each_track_is_scored_and_told_apart(study, name):
    found = metrics(study / name)
    print(name, {key: round(value, 3) for key, value in found.items() if "pearson" in key})
    for track in tracks.MOTIFS:
        assert found[f"pearson.log_count.{track}"] > 0.5
        assert found[f"pearson.difference.{track}"] > 0.5


@pytest.mark.slow
def test_the_board_has_rows_of_each_track(study):
    given = ["--manifest", str(study / "pair" / "dataset" / "manifest.json")]
    plan = ["--plan", str(study / "pair" / "plan.json")]
    reads = ["--alignments", *(f"{name}={study / 'all' / f'{name}.bed.gz'}" for name in PAIR)]
    call(
        [
            "evaluate",
            "--baseline",
            "kmer_ridge",
            *plan,
            *given,
            *reads,
            "--output-dir",
            str(study / "kmer_ridge"),
        ]
    )
    runs = ["--run", *(str(study / name) for name in NETWORKS), "--baseline", str(study / "kmer_ridge")]
    call(["compare", *runs, *given, "--output-dir", str(study / "compared")])
    board = pd.read_csv(study / "compared" / "leaderboard.tsv", sep="\t").set_index(["experiment", "metric"])
    for measure in ("pearson.log_count", "pearson.difference"):
        for track in tracks.MOTIFS:
            ours, ridge = (
                board.loc[(name, f"{measure}.{track}"), "value"] for name in ("atac_cnn", "kmer_ridge")
            )
            assert ours > ridge + 0.1
    strata = read_json(study / "atac_cnn" / "metrics.json")["strata"]
    assert {row["cell"] for row in strata} == {*tracks.MOTIFS, "overall"}


@pytest.mark.slow
def test_a_prediction_is_a_bigwig_of_each_track(study, tmp_path):
    model = str(study / "atac_cnn" / "checkpoint.ckpt")
    given = ["predict", "--model", model, "--reference", str(study / "genome.fa"), "--contig", "c3"]
    said = call([*given, "--output", str(tmp_path / "p.bw")])
    files = {name: tmp_path / f"p.{name}.bw" for name in tracks.MOTIFS}
    assert said.splitlines()[-1] == f"wrote {files['control']}, {files['treated']}"
    assert sorted(tmp_path.iterdir()) == sorted(files.values())
    told = pd.read_parquet(study / "atac_cnn" / "predictions.parquet").set_index(
        ["sample", "contig", "start"]
    )
    for sample in PAIR:
        with pyBigWig.open(str(files[tracks.SAMPLES[sample]])) as handle:
            values = {start: value for start, _, value in handle.intervals("c3")}
        for window in (0, 3, 7):
            expected = np.expm1(told.loc[(sample, "c3", 2000), f"log_count_{window}"])
            assert values[2050 + 100 * window] == pytest.approx(expected, rel=1e-3)


@pytest.mark.slow
def test_a_variant_changes_the_track_whose_motif_it_breaks(study, tmp_path):
    genome = study / "genome.fa"
    with pysam.FastaFile(str(genome)) as fasta:
        bases = fasta.fetch("c3")
    inside = {
        name: [at + 5 for at in range(700, 8200) if bases.startswith(motif, at)]
        for name, motif in tracks.MOTIFS.items()
    }
    lines = ["##fileformat=VCFv4.2", "##contig=<ID=c3>", "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"]
    for at in sorted({at for places in inside.values() for at in places}):
        lines.append(
            f"c3\t{at + 1}\t.\t{bases[at]}\t{dict(zip('ACGT', 'GTAC', strict=True))[bases[at]]}\t.\t.\t."
        )
    (tmp_path / "v.vcf").write_text("\n".join(lines) + "\n")
    model = ["--model", str(study / "atac_cnn" / "checkpoint.ckpt"), "--reference", str(genome)]
    call(["effects", *model, "--vcf", str(tmp_path / "v.vcf"), "--output", str(tmp_path / "e.vcf.gz")])
    with pysam.VariantFile(str(tmp_path / "e.vcf.gz")) as found:
        effects = {
            one.start: {name: one.info[f"EFFECT_{name}"][0] for name in tracks.MOTIFS} for one in found
        }
    for name, other in (("control", "treated"), ("treated", "control")):
        own, beside = (np.mean([effects[at][track] for at in inside[name]]) for track in (name, other))
        assert own < -0.4
        assert abs(beside) < -own / 3


@pytest.mark.slow
def test_an_explanation_is_of_the_track_that_is_asked_for(study, tmp_path):
    with pysam.FastaFile(str(study / "genome.fa")) as fasta:
        bases = fasta.fetch("c3")
    motif = tracks.MOTIFS["treated"]
    places = [at for at in range(700, 8200) if bases.startswith(motif, at)][:3]
    (tmp_path / "r.bed").write_text("".join(f"c3\t{at - 50}\t{at + 60}\n" for at in places))
    model = ["--model", str(study / "atac_cnn" / "checkpoint.ckpt"), "--reference", str(study / "genome.fa")]
    given = ["explain", *model, "--regions", str(tmp_path / "r.bed"), "--no-control", "--target"]
    summed = {}
    for name in tracks.MOTIFS:
        call([*given, name, "--output-dir", str(tmp_path / name)])
        with pyBigWig.open(str(tmp_path / name / "contributions.bw")) as handle:
            summed[name] = np.mean([sum(handle.values("c3", at, at + len(motif))) for at in places])
    print(summed)
    assert summed["treated"] > 1
    assert abs(summed["control"]) < summed["treated"] / 3
    with pytest.raises(
        InputError, match="--target: the model has no output 'other'; it has control, treated"
    ):
        call([*given, "other", "--output-dir", str(tmp_path / "other")])


@pytest.mark.slow
def test_a_model_refuses_a_dataset_of_other_tracks(study, tmp_path):
    others = {**tracks.OPTIONS, "tracks": ["treated", "control"]}
    tracks.make_dataset(
        tmp_path / "other", study / "genome.fa", call=call, samples=["ada", "bo"], options=others
    )
    dataset = Dataset.open(tmp_path / "other" / "plan.json", tmp_path / "other" / "dataset" / "manifest.json")
    with pytest.raises(
        InputError, match=r"options\.tracks: \['treated', 'control'\] found, \['control', 'treated'\] wanted"
    ):
        evaluate_run(study / "atac_cnn", dataset)

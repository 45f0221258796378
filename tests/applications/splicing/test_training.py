"""From RNA reads of a planted genome to a model that finds its splice sites, its scores and predictions."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from click.testing import CliRunner

from seqmill.cli.main import cli
from seqmill.evaluation.baseline import evaluate_baseline
from seqmill.evaluation.run import evaluate_run
from seqmill.files import read_json
from seqmill.genome.annotation import splice_sites
from seqmill.genome.bases import codes_of, sequence_of
from seqmill.interpretation.model import open_model
from seqmill.models.sequence import one_hot
from seqmill.training.compose import compose
from seqmill.training.train import Places, train

HYDRA = Path(__file__).parents[3] / "config" / "hydra"
SETTINGS = [
    "experiment=splice_cnn",
    "model.options.channels=16",
    "model.options.hidden=16",
    "model.options.dropout=0.1",
    "trainer.epochs=16",
    "trainer.evaluate_every=8",
    "trainer.batch_size=8",
    "trainer.precision=fp32",
    "optimizer.learning_rate=1e-2",
]
BASELINES = ("gt_ag", "pwm", "wam")
CELL = "rna"


@pytest.fixture(scope="module")
def study(dataset, world, empty_store, tmp_path_factory):
    """A trained model and the baselines, all scored."""
    folder = tmp_path_factory.mktemp("study")
    shutil.copy(empty_store, folder / "mlflow.db")
    store = f"sqlite:///{folder / 'mlflow.db'}"
    given = [*SETTINGS, f"dataset.manifest={dataset.manifest.path}", "seed=1"]
    output = folder / "seed-1"
    places = Places(output=output, state=folder / "state", store=store, store_experiment="toys")
    train(compose(given, HYDRA), places)
    evaluate_run(output, dataset)
    for name in BASELINES:
        evaluate_baseline(name, dataset, alignments={"ada": world.reads}, output=folder / name)
    return folder


def call(arguments):
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output


def score(folder, name):
    metrics = read_json(folder / "metrics.json")["metrics"]
    return {row["metric"]: row["value"] for row in metrics}[f"{name}.{CELL}"]


@pytest.mark.slow
@pytest.mark.parametrize("site", ["donor", "acceptor"])
def test_the_model_beats_what_knows_the_pair_of_bases_alone(study, site):
    for measure in (f"mean.topk_{site}", f"auprc.{site}"):
        chance = score(study / "gt_ag", measure)
        assert chance < 0.3
        assert score(study / "seed-1", measure) > 0.6
        assert score(study / "pwm", measure) > chance + 0.3


@pytest.mark.slow
def test_the_command_line_predicts_the_planted_sites_of_both_strands(study, world):
    model = str(study / "seed-1" / "checkpoint.ckpt")
    given = ["predict", "--model", model, "--reference", str(world.reference), "--contig", "c"]
    call([*given, "--output", str(study / "c.tsv")])
    table = pd.read_csv(study / "c.tsv", sep="\t")
    planted = {site for site in splice_sites(world.genome.annotation.introns) if site.contig == "c"}
    for kind in ("donor", "acceptor"):
        wanted = {(site.position, site.strand) for site in planted if site.kind == kind}
        best = table.nlargest(len(wanted), kind)
        found = set(zip(best["start"], best["strand"], strict=True))
        assert len(found & wanted) > 0.5 * len(wanted)
        assert {strand for _, strand in found & wanted} == {"+", "-"}
    predictions = pd.read_parquet(study / "seed-1" / "predictions.parquet")
    told = table.set_index(["start", "strand"])
    for sign, strand in ((1, "+"), (-1, "-")):
        rows = predictions[(predictions["contig"] == "c") & (predictions["strand"] == sign)]
        for _, row in rows.iloc[:3].iterrows():
            for at in (at for at in range(200) if row[f"donor_{at}"] > 0.02):
                position = row["start"] + (at if sign > 0 else 199 - at)
                assert told["donor"][position, strand] == pytest.approx(row[f"donor_{at}"], abs=2e-4)


@pytest.mark.slow
def test_the_bigwig_tells_the_surer_strand(study, world):
    import pyBigWig

    model = str(study / "seed-1" / "checkpoint.ckpt")
    (study / "part.bed").write_text("c\t1000\t9000\n")
    given = ["predict", "--model", model, "--reference", str(world.reference), "--regions"]
    call([*given, str(study / "part.bed"), "--output", str(study / "c.bw")])
    call([*given, str(study / "part.bed"), "--output", str(study / "part.tsv")])
    table = pd.read_csv(study / "part.tsv", sep="\t")
    assert table["start"].between(1000, 8999).all()
    with pyBigWig.open(str(study / "c.bw")) as handle:
        values = np.array(handle.values("c", 1000, 9000))
    table["surest"] = table[["donor", "acceptor"]].max(axis=1)
    best = table.loc[table.groupby("start")["surest"].idxmax()]
    assert len(best) > 50
    for start, strand, surest in best[["start", "strand", "surest"]].itertuples(index=False):
        assert values[start - 1000] == pytest.approx(surest if strand == "+" else -surest, abs=1e-3)


@pytest.mark.slow
def test_as_a_function_of_dna_it_knows_both_strands(study):
    model, _ = open_model(study / "seed-1" / "checkpoint.ckpt")
    assert not model.both_strands
    rng = np.random.default_rng(5)
    codes = rng.integers(0, 4, (30, model.length)).astype(np.uint8)
    middle = model.length // 2
    codes[:, middle - 3 : middle + 6] = codes_of("CAGGTAAGT")
    with torch.no_grad():
        forward = model.function(one_hot(torch.from_numpy(codes)))
        reverse = model.function(one_hot(torch.from_numpy(3 - codes[:, ::-1].copy())))
    assert float(forward[:, 0].mean()) > 0.3
    assert float(forward[:, 1:].mean()) < 0.05
    torch.testing.assert_close(forward, reverse[:, [2, 3, 0, 1]], rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_the_command_line_compares(study, dataset):
    baselines = [str(study / name) for name in ("gt_ag", "wam")]
    given = [
        "compare",
        "--run",
        str(study / "seed-1"),
        "--baseline",
        *baselines,
        "--manifest",
        str(dataset.manifest.path),
    ]
    call([*given, "--output-dir", str(study)])
    board = pd.read_csv(study / "leaderboard.tsv", sep="\t")
    assert {"mean.topk_donor.rna", "mean.topk_acceptor.rna", "auprc.donor.rna"} <= set(board["metric"])
    assert "truth alleles" not in (study / "report.html").read_text().lower()


@pytest.mark.slow
def test_a_variant_in_a_donor_is_told_by_its_splice_delta(study, world):
    model = str(study / "seed-1" / "checkpoint.ckpt")
    call(
        [
            "predict",
            "--model",
            model,
            "--reference",
            str(world.reference),
            "--contig",
            "c",
            "--output",
            str(study / "all.tsv"),
        ]
    )
    table = pd.read_csv(study / "all.tsv", sep="\t")
    bases = sequence_of(world.genome.codes["c"])
    lines, wanted = [], []
    sites = splice_sites(world.genome.annotation.introns)
    for strand, sign in (("+", 1), ("-", -1)):
        donors = {one.position for one in sites if one[0] == "c" and one[2:] == (strand, "donor")}
        told = table[(table["strand"] == strand) & table["start"].isin(donors)]
        position = int(told.nlargest(1, "donor")["start"].iloc[0])
        for beside in (0, 4 * sign):  # the G of GT, and the G of GTAAG
            place = position + beside
            lines.append(
                (
                    place,
                    f"c\t{place + 1}\t.\t{bases[place]}\t{'A' if bases[place] != 'A' else 'C'}\t.\t.\t.\n",
                )
            )
            wanted.append((place, strand, -beside))
    text = "##fileformat=VCFv4.2\n##contig=<ID=c>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    (study / "in.vcf").write_text(text + "".join(line for _, line in sorted(lines)))
    given = ["effects", "--model", model, "--reference", str(world.reference), "--vcf", str(study / "in.vcf")]
    call([*given, "--output", str(study / "out.vcf"), "--table", str(study / "out.tsv")])
    found = pd.read_csv(study / "out.tsv", sep="\t").set_index("position")
    for place, strand, beside in wanted:
        name = "donor_forward" if strand == "+" else "donor_reverse"
        row = found.loc[place + 1]
        assert row[f"loss_at_{name}"] == beside
        assert row[f"loss_{name}"] > 0.005
        if beside == 0:
            lost = row[f"reference_{name}"] - row[f"alternative_{name}"]
            assert row[f"loss_{name}"] == pytest.approx(lost, abs=1e-4)

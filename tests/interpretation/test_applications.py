"""Every application that reads DNA can be explained and asked about variants, trained or not."""

import json
from importlib.metadata import entry_points
from pathlib import Path

import numpy as np
import pysam
import pytest
import torch
from click.testing import CliRunner

from seqmill.applications.application import GROUP, find_application
from seqmill.cli.main import cli
from seqmill.genome.bases import sequence_of
from seqmill.training.checkpoint import describe, save
from seqmill.training.compose import compose
from seqmill.training.module import build_module

HYDRA = Path(__file__).parents[2] / "config" / "hydra"
EXPERIMENTS = {
    "accessibility": ("atac_cnn", {}),
    "expression": ("expression_cnn", {}),
    "methylation": ("methylation_cnn", {}),
    "splicing": ("splice_cnn", {}),
    "tf_binding": ("tf_cnn", {"factors": ["CTCF", "SPI1"]}),
}
LENGTH = 12_000


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """A genome, regions on either strand, and a substitution and a deletion in the first of them."""
    folder = tmp_path_factory.mktemp("applications")
    bases = sequence_of(np.random.default_rng(4).integers(0, 4, LENGTH, dtype=np.uint8))
    (folder / "g.fa").write_text(f">c\n{bases}\n")
    (folder / "r.bed").write_text(
        "c\t5990\t6010\tahead\t0\t+\nc\t6400\t6420\tbehind\t0\t-\nc\t1\t9\tedge\t0\t+\n"
    )
    ref = bases[6001]
    rows = (
        f"c\t6002\t.\t{ref}\t{'A' if ref != 'A' else 'C'}\t.\t.\t.\n",
        f"c\t6006\t.\t{bases[6005:6008]}\t{bases[6005]}\t.\t.\t.\n",
    )
    head = "##fileformat=VCFv4.2\n##contig=<ID=c>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    (folder / "v.vcf").write_text(head + "".join(rows))
    return folder


def untrained(folder: Path, name: str) -> Path:
    """Write the checkpoint of an application's first experiment as it begins."""
    experiment, options = EXPERIMENTS[name]
    application = find_application(name)
    code = application.encoding(application.options(**options))
    config = compose([f"experiment={experiment}", "dataset.manifest=m.json", "seed=1"], HYDRA)
    torch.manual_seed(1)
    module = build_module(config, code, {})
    path = folder / f"{name}.ckpt"
    save(path, module.state_dict(), describe(config, code, label_counts={}, dataset_digest="d", run_id=""))
    return path


def call(*arguments: object) -> str:
    done = CliRunner().invoke(cli, list(map(str, arguments)), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stderr


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_verbs_take_its_models(files, name):
    model = untrained(files, name)
    given = ["--model", model, "--reference", files / "g.fa"]
    out = files / name
    call("explain", *given, "--regions", files / "r.bed", "--no-control", "--output-dir", out)
    told = json.loads((out / "explain.json").read_text())
    assert told["regions"]["used"] == 2
    stranded = not told["both_strands"]
    assert stranded == (name in ("expression", "methylation", "splicing"))
    assert "2 scored" in call("effects", *given, "--vcf", files / "v.vcf", "--output", out / "moved.vcf")
    given += ["--regions", files / "r.bed", "--vcf", files / "v.vcf"]
    assert "2 scored" in call("effects", *given, "--output", out / "placed.vcf")
    with (
        pysam.VariantFile(str(out / "moved.vcf")) as moved,
        pysam.VariantFile(str(out / "placed.vcf")) as placed,
    ):
        changed = [key for key in moved.header.info if key.startswith("EFFECT_") and key != "EFFECT_DROPPED"]
        assert all(any(abs(one.info[key][0]) > 0 for key in changed) for one in moved)
        assert any(key.endswith("_reverse") for key in changed) == stranded
        assert [one.info["EFFECT_REGION"][0] in ("ahead", "behind", "c:5990-6010") for one in placed] == [
            True
        ] * 2


def test_no_application_that_reads_dna_is_left_out():
    names = {point.name for point in entry_points(group=GROUP)}
    assert {name for name in names if find_application(name).sequence} == EXPERIMENTS.keys()

"""From reads of a ChIP and of its input through the rules to examples: planted sites are what is bound."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from seqmill.shards.manifest import Manifest
from tests.peaks import chip
from tests.peaks.stand_in import CALLER, needs_caller
from tests.workflow.conftest import ROOT, call_snakemake, job_counts

CONFIG = """
dataset: chip
application: tf_binding
options: { factors: [CTCF], window: 100 }
reference: genome.fa
samples: config/samples.tsv
experiments: config/experiments.tsv
splits:
  train: { samples: [k562], contigs: [c1] }
  validation: { samples: [k562], contigs: [c2] }
  test: { samples: [k562], contigs: [c3] }
aligner: mappy
"""
SHEET = (
    "sample\tfastq_1\tfastq_2\tcontrol\tfactor\tcondition\n"
    "k562\tk562/R1.fastq\tk562/R2.fastq\tinput\tCTCF\tchip\n"
    "input\tinput/R1.fastq\tinput/R2.fastq\t\t\tinput\n"
)
MANIFEST = "results/chip/dataset/manifest.json"

pytestmark = [pytest.mark.slow, needs_caller]


def run(folder: Path, *arguments: str, config: str = "config/config.yaml") -> str:
    return call_snakemake(folder, *arguments, MANIFEST, config=config)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A dataset made of reads by the rules, and where its sites were planted."""
    folder = tmp_path_factory.mktemp("chip")
    sites = chip.write_genome(folder / "genome.fa")
    for name, bound in (("k562", chip.AT_A_SITE), ("input", 0)):
        (folder / name).mkdir()
        fragments = chip.draw(sites, bound=bound, seed=len(name))
        chip.write_fastq(folder / name, folder / "genome.fa", fragments)
    (folder / "config").mkdir()
    (folder / "config" / "config.yaml").write_text(CONFIG + f"peaks: {{ caller: {CALLER} }}\n")
    (folder / "config" / "samples.tsv").write_text(SHEET)
    (folder / "config" / "experiments.tsv").write_text("experiment\tseed\ntf_cnn\t1\n")
    (folder / "config" / "hydra").symlink_to(ROOT / "config" / "hydra")
    said = run(folder, "--cores", "1")
    return SimpleNamespace(folder=folder, results=folder / "results" / "chip", sites=sites, said=said)


@pytest.fixture(scope="module")
def examples(world) -> pd.DataFrame:
    manifest = Manifest.read(world.folder / MANIFEST)
    columns = ["kind", "contig", "start", "end", "split", "bound"]
    paths = [manifest.path.parent / shard.name for shard in manifest.shards]
    return pd.concat([pd.read_parquet(path, columns=columns) for path in paths])


def test_the_control_is_staged_but_no_example_is_made_of_it(world):
    counts = job_counts(world.said)
    assert (counts["reads"], counts["peaks"], counts["examples"]) == (2, 1, 1)


def holding(windows: pd.DataFrame, world: SimpleNamespace) -> np.ndarray:
    """Say which windows hold which site, boolean [windows, sites]."""
    places = [(contig, site) for contig, sites in world.sites.items() for site in sites]
    contigs, sites = (np.array(column) for column in zip(*places, strict=True))
    contig, start, end = (windows[name].to_numpy()[:, None] for name in ("contig", "start", "end"))
    return (contig == contigs) & (start <= sites) & (sites < end)


def test_positives_are_the_planted_sites(world, examples):
    positive = examples[examples["kind"] == "peak"]
    assert positive["bound"].map(bytes).eq(b"\1").all()
    held = holding(positive, world)
    recall, precision = held.any(axis=0).mean(), held.any(axis=1).mean()
    assert recall >= 0.95 and precision >= 0.95, (recall, precision)


def test_negatives_lie_beside_them_and_hold_no_site_that_was_found(world, examples):
    kinds = examples["kind"].value_counts()
    assert kinds["shuffled"] == kinds["peak"] and kinds["gc_matched"] >= 0.9 * kinds["peak"]
    drawn = examples[examples["kind"] == "gc_matched"]
    assert drawn["bound"].map(bytes).eq(b"\0").all()
    found = holding(examples[examples["kind"] == "peak"], world).any(axis=0)
    assert not holding(drawn, world)[:, found].any()


def test_what_was_called_and_dropped_is_told(world):
    report = json.loads((world.results / "peaks" / "k562.report.json").read_text())
    peaks = report["peaks"]
    assert peaks["caller"].startswith(CALLER)
    assert (peaks["format"], peaks["genome_size"]) == ("BAMPE", sum(chip.CONTIGS.values()))
    assert peaks["called"] == peaks["kept"] + sum(peaks["dropped"].values())
    for reads in peaks["reads"].values():
        assert reads["records"] == reads["used"] + sum(reads["dropped"].values())
    labels = json.loads((world.results / "dataset" / "labels.json").read_text())
    assert labels["counts"]["peaks"] == peaks["kept"]
    told = json.loads((world.folder / MANIFEST).read_text())
    assert [one["name"] for one in told["inputs"]["k562"]] == ["R1.fastq", "R2.fastq", "R1.fastq", "R2.fastq"]


def test_another_option_calls_again_and_the_reads_stay(world):
    assert "Nothing to be done" in run(world.folder, "-n")
    told = (world.folder / "config" / "config.yaml").read_text()
    told = told.replace(f"caller: {CALLER}", f"caller: {CALLER}, q_value: 0.01")
    (world.folder / "config" / "strict.yaml").write_text(told)
    counts = job_counts(run(world.folder, "-n", config="config/strict.yaml"))
    assert "reads" not in counts and counts["peaks"] == 1

"""From reads of twelve generated people over staging and calls to profiles and labelled rows."""

import csv
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pysam
import pytest
import yaml

from seqmill.profiles.build import build_profiles
from seqmill.profiles.plan import load_profiles_plan
from seqmill.profiles.rows import read_written
from seqmill.profiles.table import read_table
from seqmill.reads.stage import stage
from seqmill.simulate.build import simulate
from seqmill.simulate.plan import load_plan

PEOPLE = [f"p{number:02d}" for number in range(1, 13)]
PLAN = {
    "seed": 5,
    "contigs": {"chrP": {"random": 9000, "polymorphic": 30}},
    "trait": {"causal": 5, "heritability": 0.8},
    "samples": {name: {"contigs": ["chrP"], "depth": 20, "delivery": "bam"} for name in PEOPLE},
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("bcftools"), reason="bcftools is not installed"),
]


def call(bam: Path, reference: Path, output: Path) -> None:
    """Call a person with reference blocks."""
    pileup = ["bcftools", "mpileup", "-f", str(reference), "-g", "5", "-Ou", str(bam)]
    piled = subprocess.run(pileup, check=True, capture_output=True).stdout
    command = ["bcftools", "call", "-m", "-g", "5", "-Ov", "-o", str(output)]
    subprocess.run(command, input=piled, check=True, capture_output=True)


def profiles_plan(folder: Path) -> Path:
    raw = folder / "raw"
    (folder / "calls.tsv").write_text(
        "person\tcalls\n" + "".join(f"{name}\t{folder}/{name}.vcf\n" for name in PEOPLE)
    )
    options = {"files": "calls", "sites": str(raw / "sites.tsv"), "reference": str(raw / "reference.fa")}
    block = {"path": str(folder / "calls.tsv"), "source": "vcf", "options": options}
    row = {"sample": "cohort", "path": str(raw / "persons.tsv"), "profile": "person"}
    plan = {
        "profiles": {"id": "person", "blocks": {"dosage": block}},
        "rows": [row | {"labels": {"trait": "trait", "affected": "affected"}}],
        "folds": {"person": ["profile"]},
        "fold_count": 3,
    }
    (folder / "profiles.yaml").write_text(yaml.safe_dump(plan))
    return folder / "profiles.yaml"


def planted(folder: Path, name: str) -> list[int]:
    """Read how many copies of each site's allele a person was given."""
    with pysam.VariantFile(str(folder / "raw" / name / "truth.vcf.gz")) as handle:
        held = {
            (record.pos, record.ref, alt): record.samples[0]["GT"].count(number)
            for record in handle
            for number, alt in enumerate(record.alts, 1)
        }
    with open(folder / "raw" / "sites.tsv") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    return [held.get((int(row["position"]), row["ref"], row["alt"]), 0) for row in rows]


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("people")
    (folder / "simulate.yaml").write_text(yaml.safe_dump(PLAN))
    simulate(load_plan(folder / "simulate.yaml"), folder / "raw")
    reference = folder / "raw" / "reference.fa"
    for name in PEOPLE:
        stage(name, folder / "raw" / name / "reads.bam", reference, folder / f"{name}.bam")
        call(folder / f"{name}.bam", reference, folder / f"{name}.vcf")
    index = build_profiles(load_profiles_plan(profiles_plan(folder)), folder / "tables")
    return folder, index


def test_dosages_are_those_that_were_planted(chain):
    folder, _ = chain
    table = read_table(folder / "tables" / "profiles.parquet")
    assert table.ids == tuple(PEOPLE)
    block = table.blocks["dosage"]
    truth = np.array([planted(folder, name) for name in PEOPLE])
    assert truth.shape == block.values.shape
    assert {0, 1, 2} == set(truth.ravel().tolist())
    assert block.mask.mean() > 0.95
    assert (block.values == truth)[block.mask].mean() > 0.97


def test_the_reference_is_told_from_no_call(chain):
    folder, index = chain
    report = index["tables"]["profiles"]["reports"]["dosage"]
    assert (folder / "tables" / "profiles.dosage.report.json").is_file()
    assert report["match_rate"] > 0.95
    assert report["orientation"]["as_declared"] == report["sites"]
    assert report["dosages"]["reference_block"] > report["dosages"]["record"] > 0
    assert report["dosages"]["absent_as_reference"] == 0


def test_rows_carry_the_labels_of_their_people_and_a_fold(chain):
    folder, _ = chain
    rows = read_written(folder / "tables" / "cohort.rows.parquet")
    assert rows["profile_id"].to_pylist() == PEOPLE
    with open(folder / "raw" / "persons.tsv") as table:
        told = [float(row["trait"]) for row in csv.DictReader(table, delimiter="\t")]
    assert rows["label.trait"].to_pylist() == pytest.approx(told, rel=1e-6)
    assert sum(rows["label.affected"].to_pylist()) == 6
    assert set(rows["fold.person"].to_pylist()) <= {0, 1, 2}

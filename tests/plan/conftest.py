"""A small, complete configuration that tests break in one place at a time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "workflow" / "schemas"
SAMPLES = (
    "sample\tlane\tfastq_1\tfastq_2\talignments\ttruth\tconfident\tcondition\n"
    "ada\tL1\tada_1.fq\tada_2.fq\t\tada.vcf\tada.bed\tclean\n"
    "ada\tL2\tada_3.fq\tada_4.fq\t\tada.vcf\tada.bed\tclean\n"
    "bo\t\t\t\tbo.bam\tbo.vcf\tbo.bed\tclean\n"
    "cy\t\t\t\tcy.cram\tcy.vcf\tcy.bed\tnoisy\n"
)
EXPERIMENTS = "experiment\tseed\nnet\t1\nnet\t2\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a working directory that holds every file the configuration names."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ref.fa").write_text(">c1\nACGTACGT\n>c2\nACGT\n>c3\nAC\n")
    (tmp_path / "ref.fa.fai").write_text("c1\t8\t4\t8\t9\nc2\t4\t17\t4\t5\nc3\t2\t26\t2\t3\n")
    for name in ("ada_1.fq", "ada_2.fq", "ada_3.fq", "ada_4.fq", "bo.bam", "cy.cram"):
        (tmp_path / name).touch()
    for name in ("ada", "bo", "cy"):
        (tmp_path / f"{name}.vcf").touch()
        (tmp_path / f"{name}.bed").touch()
    (tmp_path / "samples.tsv").write_text(SAMPLES)
    (tmp_path / "experiments.tsv").write_text(EXPERIMENTS)
    hydra = tmp_path / "config" / "hydra"
    for group in ("experiment", "model", "trainer"):
        (hydra / group).mkdir(parents=True)
    (hydra / "train.yaml").write_text("defaults:\n  - _self_\n  - model: small\n  - trainer: default\n")
    (hydra / "model" / "small.yaml").write_text("name: small\n")
    (hydra / "model" / "large.yaml").write_text("name: large\n")
    (hydra / "trainer" / "default.yaml").write_text("epochs: 1\n")
    (hydra / "experiment" / "net.yaml").write_text("# @package _global_\nexperiment: net\n")
    (hydra / "experiment" / "wide.yaml").write_text(
        "defaults:\n  - override /model: large\nexperiment: wide\n"
    )
    return tmp_path


@pytest.fixture
def config() -> dict[str, Any]:
    """Give a configuration without a mistake."""
    return {
        "dataset": "tiny",
        "application": "small_variants",
        "reference": "ref.fa",
        "samples": "samples.tsv",
        "experiments": "experiments.tsv",
        "splits": {
            "train": {"samples": ["ada"], "contigs": ["c1"]},
            "validation": {"samples": ["bo"], "contigs": ["c2"]},
            "test": {"samples": ["cy"], "contigs": ["c3"]},
        },
    }


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """Write a sheet of rows given as lists of cells."""

    def write(*rows: list[str]) -> Path:
        path = tmp_path / "sheet.tsv"
        path.write_text("".join("\t".join(row) + "\n" for row in rows))
        return path

    return write

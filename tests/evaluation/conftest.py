"""A dataset of few examples and a module that echoes them; the planted individual as a dataset with a run."""

import importlib.util
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.small_variants.examples import examples as examples_of
from seqmill.applications.small_variants.spec import Options
from seqmill.applications.small_variants.spec import encoding as small_variants
from seqmill.evaluation import predict as predict_stage
from seqmill.evaluation import run as run_stage
from seqmill.evaluation.dataset import Dataset
from seqmill.files import write_json
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.shards.collect import collect
from seqmill.shards.order import example_id
from seqmill.shards.parts import PartWriter
from seqmill.shards.schema import Column, Encoding, arrow_schema

_PLANTED = Path(__file__).parents[1] / "applications" / "small_variants" / "conftest.py"
_spec = importlib.util.spec_from_file_location("planted", _PLANTED)
planted = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(planted)
world, plan = planted.world, planted.plan

ENCODING = Encoding(
    application="toy",
    version=1,
    options={"width": 3},
    columns=(
        Column("copies", "int8", label=True),
        Column("allele", "string"),
        Column("pileup", "binary", max_bytes=3),
    ),
)
SPLITS = {
    "train": {"samples": ["ada"], "contigs": ["c1"]},
    "validation": {"samples": ["ada"], "contigs": ["c2"]},
    "test": {"samples": ["bo"], "contigs": ["c3"]},
}


class Echo(torch.nn.Module):
    """Gives the first bytes of the payload as logits, and their number."""

    def predict_step(self, batch, index):
        return {"logits": batch["pileup"].float(), "length": (batch["pileup"] > 0).sum(1)}


@pytest.fixture
def echo():
    return Echo()


@pytest.fixture
def encoding():
    return ENCODING


@pytest.fixture
def examples():
    """Rows as a record batch; the payload of row n is up to three bytes that name it."""
    rows = []
    for split, entry in SPLITS.items():
        for number in range(700):
            sample, contig = entry["samples"][0], entry["contigs"][0]
            rows.append(
                {
                    "example_id": example_id(sample, contig, number),
                    "sample": sample,
                    "contig": contig,
                    "start": number,
                    "end": number + 1,
                    "split": split,
                    "weight": 1.0,
                    "copies": number % 3,
                    "allele": "ACGT"[number % 4],
                    "pileup": bytes([1 + number % 200, 7, 1 + number // 200][: 1 + number % 3]),
                }
            )
    return pa.RecordBatch.from_pylist(rows, schema=arrow_schema(ENCODING))


@pytest.fixture
def manifest(tmp_path, examples):
    part = tmp_path / "part.parquet"
    with PartWriter(part, ENCODING, seed=1) as writer:
        writer.write(examples)
        writer.describe(counts={}, classes={})
    return collect(
        [part],
        tmp_path / "dataset",
        dataset="toy",
        encoding=ENCODING,
        splits=SPLITS,
        seed=1,
        inputs={name: [{"name": f"{name}.bam", "sha256": "00"}] for name in ("ada", "bo")},
        reference={"path": "ref.fa", "checksum": "11"},
        rows_per_group=64,
        rows_per_shard=1000,
    )


@pytest.fixture
def expected():
    def of(number):
        raw = [1 + number % 200, 7, 1 + number // 200][: 1 + number % 3]
        return np.array(raw + [0] * (3 - len(raw)), dtype=np.float32)

    return of


class Share(torch.nn.Module):
    """Logits from the share of the reads that a pileup shows with the allele."""

    def predict_step(self, batch, index):
        width = Options().row_bytes
        flags = batch["pileup"].view(len(batch["pileup"]), -1, width)[:, 1:, Options().columns + 1]
        share = ((flags & 2) > 0).sum(1) / ((flags & 128) > 0).sum(1).clamp(min=1)
        return {"logits": -20 * (share[:, None] - torch.tensor([0.0, 0.5, 1.0])).abs()}


@pytest.fixture
def planted_dataset(world, plan, tmp_path):
    """Examples of the planted individual collected into shards, with the plan beside them."""
    (tmp_path / "planted").mkdir()
    write_json(tmp_path / "planted" / "plan.json", plan)
    wanted = ("full", "10")
    job = ExamplesJob(
        sample="eve",
        alignments=world / "eve.bam",
        reference=world / "reference.fa",
        intervals=(Interval("q", 0, planted.LENGTH), Interval("r", 0, planted.LENGTH)),
        splits=Splits(plan["splits"]),
        labels={"truth": world / "truth.vcf.gz", "confident": world / "confident.bed"},
        depths=wanted,
        mean_depth=25.0,
        seed=1,
        options=Options(),
    )
    part, report = tmp_path / "planted" / "part.parquet", LabelReport()
    with PartWriter(part, small_variants(Options()), seed=1) as writer:
        for batch in examples_of(job, report):
            writer.write(batch)
        writer.describe(counts=report.counts, classes=report.classes)
    with Reference(world / "reference.fa") as reference:
        checksum = reference.checksum
    manifest = collect(
        [part],
        tmp_path / "planted" / "dataset",
        dataset="planted",
        encoding=small_variants(Options()),
        splits=plan["splits"],
        seed=1,
        inputs={"eve": [{"name": "eve.bam", "sha256": "00"}]},
        reference={"path": plan["reference"], "checksum": checksum},
    )
    return Dataset.open(tmp_path / "planted" / "plan.json", manifest.path)


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """The folder of a run whose checkpoint loads as `Share`."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "checkpoint.ckpt").write_bytes(b"weights")
    write_json(folder / "train.json", {"run_id": None})
    encoding = small_variants(Options())
    facts = {
        "application": "small_variants",
        "encoding": encoding.to_dict(),
        "encoding_digest": encoding.digest,
        "dataset_digest": "d" * 64,
        "config": {"experiment": "share", "seed": 3},
    }
    for user in (run_stage, predict_stage):
        monkeypatch.setattr(user, "load", lambda path, encoding=None: (Share(), facts))
    return folder

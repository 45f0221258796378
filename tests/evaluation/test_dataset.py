"""Plan and manifest have to belong together."""

import json

import pytest

from seqmill.errors import InputError
from seqmill.evaluation.dataset import Dataset, read_examples


def test_examples_without_payload(manifest):
    table = read_examples(manifest, "validation", threads=0)
    assert len(table) == 700
    assert list(table) == [
        "example_id",
        "sample",
        "contig",
        "start",
        "end",
        "split",
        "weight",
        "copies",
        "allele",
    ]


def test_plan_of_another_dataset_is_refused(planted_dataset, tmp_path):
    plan = tmp_path / "other.json"
    plan.write_text(json.dumps({**planted_dataset.plan, "dataset": "other"}))
    with pytest.raises(InputError, match="'other' found, 'planted' wanted"):
        Dataset.open(plan, planted_dataset.manifest.path)


def test_a_missing_plan_is_named(planted_dataset, tmp_path):
    with pytest.raises(InputError, match=r"none\.json: no such dataset plan"):
        Dataset.open(tmp_path / "none.json", planted_dataset.manifest.path)


def test_a_job_carries_what_made_the_calls(planted_dataset):
    job = planted_dataset.job("test", {"caller": "x"}, examples=None)
    assert job.lineage["dataset"] == planted_dataset.manifest.digest
    assert set(job.lineage) == {"caller", "dataset", "reference"}
    assert set(job.reads) == {"eve"}

"""Examples are the bases of the regions, whatever their case; what is left out is counted."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from seqmill.applications.application import LabelReport
from seqmill.applications.masked_bases.examples import examples
from seqmill.evaluation.dataset import read_payloads
from seqmill.genome.bases import sequence_of
from seqmill.genome.intervals import Interval


def test_an_example_holds_the_bases_of_its_place(dataset, world):
    table, payloads = read_payloads(dataset.manifest, "test", ["sequence"], threads=0)
    assert sorted(table["start"]) == [*range(0, 3000, 500), 3500, *range(6000, 11_500, 500)]
    whole = "N" * 100 + world.bases["c3"] + "N" * 600
    for start, codes in zip(table["start"], payloads["sequence"], strict=True):
        assert sequence_of(codes) == whole[start : start + 700]
    assert (table["end"] - table["start"] == 500).all()


def test_what_is_left_out_is_counted(job):
    report = LabelReport()
    rows = pa.Table.from_batches(list(examples(job, report)))
    assert report.counts == {
        "bases_dropped.rest_of_region": 200 + 400,
        "examples_dropped.unknown_bases": 1,  # 3,000 to 3,500 lies in the run of N
        "bases_not_asked.unknown": 200,
    }
    assert report.classes == {
        "train": {"examples": 120},
        "validation": {"examples": 24},
        "test": {"examples": 18},
    }
    assert rows.num_rows == 162


@pytest.mark.parametrize("size", [700, 5000])
def test_the_cut_into_jobs_changes_nothing(job, size):
    whole = pa.Table.from_batches(list(examples(job, LabelReport())))
    parts = [Interval("c3", at, min(at + size, 12_000)) for at in range(0, 12_000, size)]
    report = LabelReport()
    batches = [batch for part in parts for batch in examples(replace(job, intervals=(part,)), report)]
    cut = pa.Table.from_batches(batches)
    assert cut.equals(whole.filter(np.array(whole["contig"].to_pylist()) == "c3"))
    assert report.counts["bases_dropped.rest_of_region"] == 600

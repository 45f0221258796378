"""Each row of the wanted folds becomes one example, in the split of its group."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from seqmill.applications.application import LabelReport
from seqmill.applications.profiled.columns import row_columns
from seqmill.applications.profiled.examples import row_batches
from seqmill.errors import InputError
from seqmill.genome.intervals import Interval
from seqmill.profiles.rows import read_written
from seqmill.shards.schema import Encoding

LABELS = ["response", "toxic"]


def encoded(job, labels):
    encoding = Encoding(application="toy", version=1, options={}, columns=row_columns(labels))
    report = LabelReport()
    batches = list(row_batches(job, report, encoding=encoding, labels=labels))
    return pa.Table.from_batches(batches).to_pandas(), report


@pytest.mark.parametrize("kind", ["pair", "cell", "drug"])
def test_every_row_is_an_example_of_the_split_of_its_fold(planted_screen, kind):
    job = planted_screen.jobs[kind]
    examples, report = encoded(job, LABELS)
    rows = read_written(job.alignments).to_pandas()
    assert len(examples) == len(rows) == planted_screen.index["samples"]["screen"]["rows"]
    assert examples["example_id"].is_unique
    told = rows.iloc[examples["start"]].reset_index(drop=True)
    pd.testing.assert_series_equal(examples["profile_id"], told["profile_id"])
    pd.testing.assert_series_equal(examples["response"], told["label.response"], check_names=False)
    assert (examples["contig"] == kind + "_" + told[f"fold.{kind}"].astype(str)).all()
    assert (examples["group"] == told[f"group.{kind}"]).all()
    assert (examples.groupby("group")["split"].nunique() == 1).all()
    assert report.classes == {
        split: {"rows": int(n)} for split, n in examples["split"].value_counts().items()
    }
    assert report.counts["missing.toxic"] == np.isnan(rows["label.toxic"]).sum() > 0


def test_rows_without_any_of_the_labels_are_left_out_and_counted(planted_screen):
    job = planted_screen.jobs["pair"]
    examples, report = encoded(job, ["toxic"])
    rows = read_written(job.alignments).to_pandas()
    assert len(examples) == rows["label.toxic"].notna().sum()
    assert report.counts["rows_dropped.no_label"] == rows["label.toxic"].isna().sum()


def test_rows_that_lack_a_label_or_are_refused_are_left_out_and_counted(planted_screen):
    job = planted_screen.jobs["pair"]
    rows = read_written(job.alignments).to_pandas()
    lacking = rows["label.toxic"].isna().to_numpy()
    refused = (rows["profile_id"] == "cell03").to_numpy()
    encoding = Encoding(application="toy", version=1, options={}, columns=row_columns(LABELS))
    report = LabelReport()
    batches = row_batches(
        job, report, encoding=encoding, labels=LABELS, complete=True, refused={"known": refused}
    )
    examples = pa.Table.from_batches(list(batches)).to_pandas()
    assert len(examples) == (~lacking & ~refused).sum()
    assert report.counts["rows_dropped.no_label"] == lacking.sum()
    assert report.counts["rows_dropped.known"] == (refused & ~lacking).sum() > 0


def test_folds_that_are_not_asked_for_give_nothing(planted_screen):
    job = replace(planted_screen.jobs["cell"], intervals=(Interval("cell_3", 0, 1),))
    examples, _ = encoded(job, LABELS)
    assert set(examples["contig"]) == {"cell_3"}


def test_an_unknown_label_is_answered_with_the_nearest(planted_screen):
    with pytest.raises(InputError, match=r"no label 'respons'.*did you mean 'response'"):
        encoded(planted_screen.jobs["cell"], ["respons"])

"""Persons become examples of the split that is given; others are counted or refused."""

from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seqmill.applications.application import LabelReport
from seqmill.applications.disease_risk.examples import examples
from seqmill.applications.disease_risk.spec import Options
from seqmill.applications.profiled.options import ComponentOptions
from seqmill.errors import InputError


def made(job):
    report = LabelReport()
    return pa.Table.from_batches(list(examples(job, report))).to_pandas(), report


@pytest.fixture
def edited(planted, tmp_path):
    """Give the survival job over rows some cells of which are other ones."""

    def edit(column, rows, value, **options):
        table = pq.read_table(planted.jobs["survival"].alignments)
        values = table[column].to_pylist()
        for row in rows:
            values[row] = value
        at = table.schema.get_field_index(column)
        path = tmp_path / "rows.parquet"
        pq.write_table(table.set_column(at, table.schema.field(at), pa.array(values, pa.float32())), path)
        options = Options(outcome="survival", **options)
        return replace(planted.jobs["survival"], alignments=path, options=options)

    return edit


def test_the_given_file_is_the_test_split(planted):
    table, _ = made(planted.jobs["quantitative"])
    persons = table.groupby("split")["profile_id"].apply(set)
    assert persons["test"] == {f"P{number:03}" for number in range(192, 240)}
    assert len(table) == table["profile_id"].nunique() == 240


def test_a_disease_is_a_class_that_is_counted(planted, cohorts):
    table, _ = made(planted.jobs["binary"])
    assert table["disease"].dtype == "int8"
    counts = cohorts["binary"].manifest.label_counts("test")
    assert counts == table[table["split"] == "test"]["disease"].value_counts().to_dict()


def test_survival_needs_time_and_event(edited):
    table, report = made(edited("label.event", [3, 4], None))
    assert len(table) == 238
    assert report.counts["rows_dropped.no_label"] == 2


def test_persons_followed_for_no_time_are_refused_or_left_out_and_counted(edited):
    with pytest.raises(InputError, match=r"rows\.parquet: sample 'cohort': column 'label\.time': found 0"):
        made(edited("label.time", [5, 6, 7], 0.0))
    table, report = made(edited("label.time", [5, 6, 7], 0.0, unobserved="leave_out"))
    assert len(table) == 237
    assert report.counts["rows_dropped.unobserved"] == 3


def test_a_missing_label_is_told(planted, tmp_path):
    table = pq.read_table(planted.jobs["binary"].alignments).drop_columns(["label.disease"])
    pq.write_table(table, tmp_path / "rows.parquet")
    with pytest.raises(InputError, match="no label 'disease'"):
        made(replace(planted.jobs["binary"], alignments=tmp_path / "rows.parquet"))


def test_components_of_a_block_that_is_not_there_are_refused_before_any_example(planted):
    options = Options(components=ComponentOptions(count=2))
    with pytest.raises(
        InputError, match=r"components\.block: found 'dosage', want a block of .*profiles\.json"
    ):
        made(replace(planted.jobs["binary"], options=options))
    options = Options(components=ComponentOptions(block="expression", count=2))
    with pytest.raises(InputError, match="found 'expression', which is float32"):
        made(replace(planted.jobs["binary"], options=options))

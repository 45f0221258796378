"""Rows point at their profiles and molecules, and each left out is counted by its reason."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seqmill.errors import InputError
from seqmill.profiles.folds import fold_of
from seqmill.profiles.join import join_table
from seqmill.profiles.plan import GivenFolds
from seqmill.profiles.rows import check_folds, fold_names, read_rows, read_written, write_rows
from tests.profiles import cohort


@pytest.fixture
def tables(plan):
    return {name: join_table(table, name=name)[0] for name, table in plan.tables.items()}


def test_each_row_points_at_its_profile_and_molecule(plan, tables):
    rows = read_rows(plan, "screen", tables).table.to_pylist()
    named = [(row["profile_id"], row["molecule_id"]) for row in rows]
    assert named == [
        ("L1", "aspirin"),
        ("L1", "caffeine"),
        ("L2", "aspirin"),
        ("L4", "salicylate"),
        ("L5", "caffeine"),
    ]
    for row in rows:
        assert tables["profiles"].ids[row["profile"]] == row["profile_id"]
        assert tables["molecules"].ids[row["molecule"]] == row["molecule_id"]


def test_what_is_left_out_is_counted_once_by_its_first_reason(plan, tables):
    dropped = read_rows(plan, "screen", tables).dropped
    assert dropped == {"unknown_profile": 1, "unknown_molecule": 1, "no_label": 1, "repeated": 1}


def test_a_missing_label_is_nan(plan, tables):
    rows = read_rows(plan, "screen", tables).table
    assert np.array_equal(rows["label.dead"].to_numpy(), [1, np.nan, 0, 1, 0], equal_nan=True)
    assert rows["label.response"].to_pylist() == pytest.approx([0.1, 0.2, 0.3, 0.5, 0.8])


def test_rows_of_one_group_lie_in_one_fold(plan, tables):
    rows = read_rows(plan, "screen", tables).table.to_pylist()
    assert [row["group.cell"] for row in rows] == ["L1", "L1", "L2", "L4", "L5"]
    assert [row["group.family"] for row in rows] == ["nsaid", "xanthine", "nsaid", "nsaid", "xanthine"]
    for kind in plan.folds:
        for row in rows:
            assert row[f"fold.{kind}"] == fold_of(row[f"group.{kind}"], folds=4)
    assert len({row["group.pair"] for row in rows}) == 5


def test_a_column_of_the_rows_can_be_a_group(plan, tables):
    by_site = replace(plan, folds={"site": ["row.site"]})
    found = read_rows(by_site, "screen", tables)
    assert found.table["group.site"].to_pylist() == ["north", "north", "south", "north"]
    assert found.dropped["no_group_site"] == 1


def test_a_column_gives_folds_and_the_rest_is_dealt(tmp_path, plan, tables):
    by_site = replace(plan, given={"pair": GivenFolds(column="site", values=("south",))})
    found = read_rows(by_site, "screen", tables)
    check_folds({"screen": found}, by_site)
    dealt = [fold_of(group, folds=4) for group in found.table["group.pair"].to_pylist()]
    given = [4 if row["profile_id"] == "L2" else None for row in found.table.to_pylist()]
    wanted = [fold if fold is not None else other for fold, other in zip(given, dealt, strict=True)]
    assert found.table["fold.pair"].to_pylist() == wanted
    write_rows(tmp_path / "r.parquet", found, by_site)
    names = fold_names(read_written(tmp_path / "r.parquet"))
    assert names["pair"] == ["pair_0", "pair_1", "pair_2", "pair_3", "pair_south"]
    assert names["cell"] == ["cell_0", "cell_1", "cell_2", "cell_3"]


def test_given_folds_that_tear_a_group_apart_are_refused(plan, tables):
    by_site = replace(plan, given={"family": GivenFolds(column="site", values=("north", "south"))})
    found = {"screen": read_rows(by_site, "screen", tables)}
    with pytest.raises(InputError, match=r"given\.family: 'nsaid' of sample 'screen' .* south .* north"):
        check_folds(found, by_site)


def test_rows_that_disagree_are_refused(tmp_path, plan, tables):
    (tmp_path / "responses.csv").write_text(cohort.RESPONSES + "L1,aspirin,0.9,1,north\n")
    with pytest.raises(
        InputError, match=r"rows 1 and 10 are both about L1 and aspirin, but 'response' is 0\.1"
    ):
        read_rows(plan, "screen", tables)


def test_rows_of_which_none_can_be_used_are_refused(tmp_path, plan, tables):
    (tmp_path / "responses.csv").write_text("line,drug,auc,dead\nL9,aspirin,1,0\nL1,aspirin,,\n")
    with pytest.raises(InputError, match=r"none of 2 rows can be used .*unknown profile 1.*no label 1"):
        read_rows(plan, "screen", tables)


def test_labels_have_to_be_numbers(tmp_path, plan, tables):
    (tmp_path / "responses.csv").write_text("line,drug,auc,dead\nL1,aspirin,high,0\n")
    with pytest.raises(InputError, match="column 'auc' holds something else than numbers"):
        read_rows(plan, "screen", tables)


def test_rows_come_back_from_their_file(tmp_path, plan, tables):
    rows = read_rows(plan, "screen", tables)
    write_rows(tmp_path / "r.parquet", rows, plan)
    found = read_written(tmp_path / "r.parquet")
    assert found.schema.equals(rows.table.schema)
    pd.testing.assert_frame_equal(found.to_pandas(), rows.table.to_pandas())
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(InputError, match="another Parquet file"):
        read_written(tmp_path / "other.parquet")
    with pytest.raises(InputError, match="cannot be read"):
        read_written(tmp_path / "gone.parquet")


def test_repeated_measurements_may_become_their_mean(tmp_path, plan, tables):
    (tmp_path / "responses.csv").write_text(
        cohort.RESPONSES + "L1,aspirin,0.9,,north\nL1,caffeine,,1,north\n"
    )
    averaged = replace(plan, rows=[replace(plan.rows[0], repeats="mean")])
    rows = read_rows(averaged, "screen", tables)
    found = rows.table.to_pylist()
    assert [(row["profile_id"], row["molecule_id"]) for row in found][:2] == [
        ("L1", "aspirin"),
        ("L1", "caffeine"),
    ]
    assert [row["label.response"] for row in found[:2]] == pytest.approx([0.5, 0.2])
    assert [row["label.dead"] for row in found[:2]] == [1, 1]  # what is missing has no say
    assert rows.dropped["repeated"] == 3

"""Blocks of several files become one table over all who are in any of them."""

from dataclasses import replace

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.profiles.join import EMPTY, join_table
from seqmill.profiles.plan import BlockPlan, load_profiles_plan
from tests.profiles import cohort


def test_everyone_of_whom_something_is_known_has_a_row(plan):
    table, dropped, _ = join_table(plan.profiles, name="profiles")
    assert table.ids == ("L1", "L2", "L3", "L4", "L5")
    assert dropped == {EMPTY: 2}  # L6 is empty in the one file it is in, L7 in the other
    expression, dosage = table.blocks["expression"], table.blocks["dosage"]
    assert expression.mask.tolist() == [[1, 1], [1, 1], [1, 0], [1, 1], [1, 1]]
    assert dosage.mask.tolist() == [[1, 1, 1], [0, 1, 1], [0, 0, 0], [1, 1, 1], [0, 0, 0]]
    assert dosage.values[3].tolist() == [2, 2, 1]
    assert np.array_equal(expression.values[:, 0], np.float32([1.5, 2.5, 0.5, 3.5, 2]))


def test_the_order_of_the_file_does_not_matter(tmp_path, plan):
    lines = cohort.EXPRESSION.splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])]) + "\n"
    other = load_profiles_plan(cohort.write(tmp_path, **{"expression.csv": turned}))
    before = join_table(plan.profiles, name="profiles").table
    after = join_table(other.profiles, name="profiles").table
    assert before.digest == after.digest


def test_words_belong_to_their_rows_and_may_be_missing(tmp_path, plan):
    fewer = "\n".join(line for line in cohort.DRUGS.splitlines() if not line.startswith("caffeine")) + "\n"
    (tmp_path / "drugs.tsv").write_text(fewer)
    table = join_table(plan.molecules, name="molecules").table
    assert dict(zip(table.ids, table.texts["family"], strict=True)) == {
        "aspirin": "nsaid",
        "caffeine": "",
        "ethanol": "alcohol",
        "salicylate": "nsaid",
    }


def test_a_block_without_any_value_is_refused(tmp_path, plan):
    (tmp_path / "dosage.tsv").write_text("cell\trs1\nL1\t-1\nL2\t\n")
    with pytest.raises(InputError, match="block 'dosage' of profiles holds no value at all"):
        join_table(plan.profiles, name="profiles")


def test_ids_that_stand_twice_are_refused(tmp_path, plan):
    (tmp_path / "expression.csv").write_text(cohort.EXPRESSION + "L2,1,1\n")
    with pytest.raises(InputError, match="'L2' stands in 2 rows of 'line'"):
        join_table(plan.profiles, name="profiles")


def test_a_block_may_name_its_ids_otherwise(plan):
    renamed = replace(plan.profiles, blocks={"dosage": replace(plan.profiles.blocks["dosage"], id="line")})
    with pytest.raises(InputError, match="no column 'line'"):
        join_table(renamed, name="profiles")


def test_molecules_that_a_source_leaves_out_are_counted_by_block(tmp_path, plan):
    (tmp_path / "drugs.tsv").write_text(cohort.DRUGS + "broken\tX\tnone\n")
    block = BlockPlan(
        path=str(tmp_path / "drugs.tsv"),
        source="smiles",
        options={"canonical": False, "invalid": "leave_out", "length": 18},
    )
    table, dropped, _ = join_table(replace(plan.molecules, blocks={"words": block}), name="molecules")
    assert table.ids == ("aspirin", "caffeine", "ethanol", "salicylate")
    assert dropped == {EMPTY: 0, "words.invalid_smiles": 1, "words.cut": 2}
    assert table.blocks["words"].vocabulary
    assert table.texts["family"] == ("nsaid", "xanthine", "alcohol", "nsaid")

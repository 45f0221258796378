"""Tables of a user come into the layout of training, or the message names what does not fit."""

import numpy as np
import pytest
import yaml

from seqmill.errors import ConfigErrors, InputError
from seqmill.profiles.given import given_table
from seqmill.profiles.table import Block, Table, write_table


def block(*features, rows=2, dtype=np.float32):
    values = np.arange(rows * len(features), dtype=dtype).reshape(rows, -1)
    return Block(features, values, np.ones(values.shape, bool))


WANTED = Table(("a", "b"), {"expression": block("g1", "g2"), "bits": block("p", dtype=np.uint8)})


def written(tmp_path, *, ids=("x", "y"), **blocks):
    path = tmp_path / "given.parquet"
    write_table(path, Table(ids, {"expression": block("g1", "g2"), "bits": WANTED.blocks["bits"]} | blocks))
    return path


def test_features_are_brought_into_order_and_further_ones_left_out(tmp_path):
    found = given_table(
        written(tmp_path, expression=block("g2", "g0", "g1"), more=block("z")), WANTED, name="profiles"
    )
    assert found.layout == WANTED.layout
    assert found.blocks["expression"].values.tolist() == [[2, 0], [5, 3]]


def tokens(*vocabulary):
    values = np.array([[1, 2, 0], [2, 2, 1]], np.uint8)
    return Block(("t1", "t2", "t3"), values, np.ones(values.shape, bool), vocabulary)


def test_tokens_stay_tokens(tmp_path):
    wanted = Table(("a", "b"), WANTED.blocks | {"smiles": tokens("C", "N")})
    found = given_table(written(tmp_path, smiles=tokens("C", "N")), wanted, name="molecules")
    assert found.layout == wanted.layout
    assert found.blocks["smiles"].values.tolist() == [[1, 2, 0], [2, 2, 1]]


def test_tokens_of_another_vocabulary_are_refused(tmp_path):
    wanted = Table(("a", "b"), WANTED.blocks | {"smiles": tokens("C", "N")})
    with pytest.raises(InputError, match="block 'smiles' is written in 3 tokens, want the 2 of training"):
        given_table(written(tmp_path, smiles=tokens("C", "N", "O")), wanted, name="molecules")


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (
            {"expression": block("g1", "h")},
            r"block 'expression' lacks 1 of the 2 features.*: 'g2'; give them",
        ),
        ({"bits": block("p")}, r"block 'bits' is float32, want uint8"),
        (
            {"expression": Block(("g1", "g2"), np.zeros((2, 2), np.float32), np.zeros((2, 2), bool))},
            r"block 'expression' holds no value at all",
        ),
    ],
)
def test_what_does_not_fit_is_named(tmp_path, blocks, said):
    with pytest.raises(InputError, match=said):
        given_table(written(tmp_path, **blocks), WANTED, name="profiles")


def test_a_block_that_is_not_there_is_named(tmp_path):
    wanted = Table(WANTED.ids, {**WANTED.blocks, "expresion": WANTED.blocks["expression"]})
    with pytest.raises(InputError, match=r"no block 'expresion'.*'expression'.*it has: expression, bits"):
        given_table(written(tmp_path), wanted, name="profiles")


def test_ids_that_stand_twice_and_rows_of_which_nothing_is_known(tmp_path):
    with pytest.raises(InputError, match=r"'x' stands in 2 rows of profiles; keep one"):
        given_table(written(tmp_path, ids=("x", "x")), WANTED, name="profiles")
    only = Table(WANTED.ids, {"expression": WANTED.blocks["expression"]})
    empty = Block(("g1", "g2"), np.ones((2, 2), np.float32), np.array([[True, True], [False, False]]))
    with pytest.raises(InputError, match=r"nothing is known of 'y'"):
        given_table(written(tmp_path, expression=empty), only, name="profiles")


def test_a_plan_of_tables_alone_is_enough(tmp_path):
    (tmp_path / "levels.tsv").write_text("person\tg2\tg1\nq\t2.5\t\np\t1\t7\n")
    plan = {"profiles": {"id": "person", "blocks": {"expression": {"path": str(tmp_path / "levels.tsv")}}}}
    (tmp_path / "new.yaml").write_text(yaml.safe_dump(plan))
    wanted = Table(WANTED.ids, {"expression": WANTED.blocks["expression"]})
    found = given_table(tmp_path / "new.yaml", wanted, name="profiles")
    assert found.ids == ("p", "q")
    assert found.blocks["expression"].mask.tolist() == [[True, True], [False, True]]
    with pytest.raises(InputError, match=r"describes no molecules; add the key"):
        given_table(tmp_path / "new.yaml", wanted, name="molecules")
    (tmp_path / "new.yaml").write_text(yaml.safe_dump(plan | {"folds": {"person": ["profile"]}}))
    with pytest.raises(ConfigErrors, match="rows, folds"):
        given_table(tmp_path / "new.yaml", wanted, name="profiles")

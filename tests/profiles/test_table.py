"""A table comes back from Parquet as it was, missing values and all; its digest is of its content."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.errors import InputError
from seqmill.profiles.table import Block, Table, read_table, write_table


def table(seed=0, rows=5):
    rng = np.random.default_rng(seed)
    return Table(
        ids=tuple(f"p{row}" for row in range(rows)),
        blocks={
            "expression": Block(
                ("a", "b", "c"), rng.normal(size=(rows, 3)).astype(np.float32), rng.random((rows, 3)) < 0.6
            ),
            "dosage": Block(
                ("s1", "s2"), rng.integers(0, 3, (rows, 2)).astype(np.int8), rng.random((rows, 2)) < 0.6
            ),
            "bits": Block(("x",), rng.integers(0, 2, (rows, 1)).astype(np.uint8), np.ones((rows, 1), bool)),
        },
        texts={"family": tuple("u" * (row % 3) for row in range(rows))},
    )


def test_some_rows_of_a_block_keep_their_order_and_the_tokens():
    block = Block(("x",), np.array([[1], [2], [3]], np.uint8), np.array([[True], [False], [True]]), ("a",))
    for rows in (np.array([2, 1]), np.array([False, True, True])):
        some = block.subset(rows)
        assert (some.features, some.vocabulary) == (("x",), ("a",))
        assert some.values.tolist() == block.values[rows].tolist()
        assert some.mask.tolist() == block.mask[rows].tolist()


def test_a_block_that_is_not_there_is_named_with_those_that_are():
    assert table().block("bits", where="t.parquet").features == ("x",)
    with pytest.raises(InputError, match=r"t\.parquet: no block 'bit'.*it has expression, dosage, bits"):
        table().block("bit", where="t.parquet")


@pytest.mark.parametrize("seed", range(5))
def test_what_is_read_is_what_was_written(tmp_path, seed):
    written = table(seed)
    write_table(tmp_path / "t.parquet", written)
    found = read_table(tmp_path / "t.parquet")
    assert (found.ids, found.texts, found.layout) == (written.ids, written.texts, written.layout)
    for name, block in written.blocks.items():
        assert found.blocks[name].features == block.features
        assert found.blocks[name].values.dtype == block.values.dtype
        assert np.array_equal(found.blocks[name].mask, block.mask)
        assert np.array_equal(found.blocks[name].values[block.mask], block.values[block.mask])
    assert found.digest == written.digest


def test_a_missing_value_is_null_in_the_file(tmp_path):
    written = table()
    write_table(tmp_path / "t.parquet", written)
    column = pq.read_table(tmp_path / "t.parquet")["dosage"].to_pylist()
    assert [[one is not None for one in row] for row in column] == written.blocks["dosage"].mask.tolist()


def test_the_digest_does_not_see_what_stands_in_place_of_missing_values():
    first = table()
    block = first.blocks["expression"]
    other = np.where(block.mask, block.values, 99).astype(np.float32)
    same = replace(first, blocks={**first.blocks, "expression": replace(block, values=other)})
    assert same.digest == first.digest


@given(st.sampled_from(["value", "mask", "feature", "id", "word", "type"]))
def test_the_digest_sees_every_change_of_content(what):
    first = table()
    block = first.blocks["dosage"]
    mask = np.ones_like(block.mask)
    whole = replace(first, blocks={**first.blocks, "dosage": replace(block, mask=mask)})
    values = block.values.copy()
    values[2, 1] += 1
    fewer = mask.copy()
    fewer[0, 0] = False
    changed = {
        "value": {"blocks": {**first.blocks, "dosage": Block(block.features, values, mask)}},
        "mask": {"blocks": {**first.blocks, "dosage": Block(block.features, block.values, fewer)}},
        "feature": {"blocks": {**first.blocks, "dosage": Block(("s1", "s3"), block.values, mask)}},
        "type": {
            "blocks": {**first.blocks, "dosage": Block(block.features, block.values.astype(np.uint8), mask)}
        },
        "id": {"ids": ("q", *first.ids[1:])},
        "word": {"texts": {"family": ("v",) * len(first.ids)}},
    }[what]
    assert replace(whole, **changed).digest != whole.digest


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "t.parquet"
    with pytest.raises(InputError, match="cannot be read"):
        read_table(path)
    pq.write_table(pa.table({"id": ["a"]}), path)
    with pytest.raises(InputError, match="another Parquet file"):
        read_table(path)


def test_tokens_come_back_with_their_vocabulary(tmp_path):
    values = np.array([[1, 2], [2, 0]], np.uint8)
    block = Block(("token_0", "token_1"), values, np.ones((2, 2), bool), ("C", "O"))
    written = Table(("a", "b"), {"smiles": block})
    write_table(tmp_path / "t.parquet", written)
    found = read_table(tmp_path / "t.parquet")
    assert found.blocks["smiles"].vocabulary == ("C", "O")
    assert found.layout == written.layout
    assert found.layout["smiles"]["tokens"] == 2
    other = Table(("a", "b"), {"smiles": replace(block, vocabulary=("C", "N"))})
    assert other.layout != written.layout
    assert other.digest != written.digest

"""Strata of missingness by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from seqmill.applications.profiled.missing import missing_strata
from seqmill.profiles.table import Block, Table, write_table


@pytest.fixture
def table(tmp_path):
    mask = np.ones((5, 20), bool)
    for row, missing in enumerate((0, 1, 2, 10, 20)):
        mask[row, :missing] = False
    values = np.zeros(mask.shape, np.float32)
    features = tuple(f"g{at}" for at in range(20))
    path = tmp_path / "profiles.parquet"
    bits = Block(("b",), np.ones((5, 1), np.uint8), np.ones((5, 1), bool))
    write_table(path, Table(tuple("abcde"), {"x": Block(features, values, mask), "y": bits}))
    return path


def job(table, rows):
    return SimpleNamespace(tables={"profiles": table}, examples=pd.DataFrame({"profile": rows}))


def test_each_example_has_the_stratum_of_its_profile(table):
    found = missing_strata(job(table, [3, 0, 1, 2, 4, 0, -1]))
    assert found.tolist() == ["20 to 50 %", "none", "up to 5 %", "5 to 20 %", "above 50 %", "none", ""]


def test_one_stratum_alone_tells_nothing(table):
    assert missing_strata(job(table, [0, 0])) is None
    assert missing_strata(SimpleNamespace(tables={}, examples=pd.DataFrame({"profile": [-1]}))) is None

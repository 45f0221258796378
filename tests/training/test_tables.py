"""A module is given the tables of a dataset, and fitted to the share of it that it learns from."""

import numpy as np
import pytest

from seqmill.profiles.table import Block, Table, write_table
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import TableFile
from seqmill.training.tables import fit_tables, give_tables


class Remembers:
    """Keeps what it is given."""

    def __init__(self):
        self.taken = self.fitted = None

    def take_tables(self, tables):
        self.taken = tables

    def fit_tables(self, examples):
        self.fitted = examples


@pytest.fixture
def with_table(manifest):
    table = Table(("a",), {"x": Block(("f",), np.ones((1, 1), np.float32), np.ones((1, 1), bool))})
    path = manifest.path.parent / "profiles.parquet"
    write_table(path, table)
    object.__setattr__(
        manifest, "tables", (TableFile(table="profiles", name=path.name, bytes=1, sha256="-"),)
    )
    yield manifest
    object.__setattr__(manifest, "tables", ())
    path.unlink()


def test_tables_are_read_from_beside_the_manifest(with_table):
    module = Remembers()
    give_tables(module, with_table)
    assert module.taken["profiles"].ids == ("a",)


@pytest.mark.parametrize("fraction", [1.0, 0.4])
def test_what_is_fitted_to_are_the_examples_that_are_learnt_from(with_table, fraction):
    module = Remembers()
    fit_tables(module, with_table, fraction)
    loader = Loader(with_table, "train", batch_size=1000, seed=5, shuffle=True, threads=0, fraction=fraction)
    wanted = next(loader.epoch(0))["example_id"]
    assert sorted(module.fitted["example_id"]) == sorted(wanted)
    assert "profiles" in module.taken


def test_a_dataset_without_tables_asks_nothing_of_the_module(manifest):
    fit_tables(object(), manifest, 1.0)

"""What a model of profiles was trained on: tables, training rows, and where its domain ends."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from seqmill.errors import InputError
from seqmill.evaluation.dataset import read_examples
from seqmill.evaluation.members import Members
from seqmill.profiles.domain import Domain
from seqmill.profiles.table import Table, read_table
from seqmill.shards.manifest import Manifest


@dataclass(frozen=True)
class Cohort:
    """The dataset of some models.

    Attributes
    ----------
    manifest : Manifest
        Its manifest.
    tables : dict
        Name -> the table that rows point into.
    """

    manifest: Manifest
    tables: dict[str, Table]

    @classmethod
    def of(cls, members: Members, manifest: Manifest) -> "Cohort":
        """Open the dataset that models were trained on.

        Raises
        ------
        InputError
            When they were trained on another one.
        """
        if manifest.digest != members.dataset_digest:
            raise InputError(
                f"{manifest.path}: dataset {manifest.digest} found, but {members.paths[0]} was trained on "
                f"{members.dataset_digest}; give the manifest of that one"
            )
        return cls(manifest, {name: read_table(path) for name, path in manifest.table_paths().items()})

    def rows(self, split: str) -> pd.DataFrame:
        """Give the examples of a split, without payload."""
        return read_examples(self.manifest, split, threads=1)

    @cached_property
    def train(self) -> pd.DataFrame:
        """The training examples."""
        return self.rows("train")

    def learnt(self, name: str) -> np.ndarray:
        """Give the distinct rows of a table that training examples point at."""
        rows = np.unique(self.train[name.removesuffix("s")].to_numpy())
        return rows[rows >= 0]

    def domain(self, name: str) -> Domain:
        """Fit the domain of a table to its training rows."""
        return Domain.of(self.tables[name], self.learnt(name))


def subset(table: Table, rows: np.ndarray) -> Table:
    """Give some rows of a table, in the order given."""
    return Table(
        tuple(table.ids[row] for row in rows),
        {name: block.subset(rows) for name, block in table.blocks.items()},
        {name: tuple(words[row] for row in rows) for name, words in table.texts.items()},
    )

"""Tables that rows of a dataset point into, handed to the module that expands them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytorch_lightning as pl

from seqmill.profiles.table import read_table
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.training.data import TRAIN

_ROWS = 1 << 16


def give_tables(module: pl.LightningModule, manifest: Manifest) -> None:
    """Give a `seqmill.applications.profiled.task.ProfiledTask` the tables of a dataset; others need none."""
    if manifest.tables:
        taker: Any = module
        taker.take_tables({name: read_table(path) for name, path in manifest.table_paths().items()})


def fit_tables(module: pl.LightningModule, manifest: Manifest, fraction: float, *, fits: bool = True) -> None:
    """Give a module the tables, and let it fit its standardisation to what the training rows point at.

    Parameters
    ----------
    module : LightningModule
        The task.
    manifest : Manifest
        The dataset.
    fraction : float
        Share of the training rows that are learnt from.
    fits : bool
        Whether to fit; else the module is given the tables alone.
    """
    if not manifest.tables:
        return
    give_tables(module, manifest)
    if fits:
        fitted: Any = module
        fitted.fit_tables(training_columns(manifest, fraction))


def training_columns(
    manifest: Manifest, fraction: float, *, further: Sequence[str] = ()
) -> dict[str, npt.NDArray[Any]]:
    """Read all training examples into memory, in stored order.

    Parameters
    ----------
    manifest : Manifest
        The dataset.
    fraction : float
        Share of the training examples that are learnt from.
    further : sequence of str
        Columns of strings to read too.

    Returns
    -------
    dict
        Column -> values, without strings other than `further`.
    """
    names = [column.name for column in manifest.encoding.numeric_columns]
    loader = Loader(
        manifest,
        TRAIN,
        batch_size=_ROWS,
        seed=0,
        shuffle=False,
        columns=[*names, *further],
        threads=0,
        fraction=fraction,
    )
    batches = list(loader.epoch(0))
    return {name: np.concatenate([one[name] for one in batches]) for name in batches[0]}

"""What a model says about each example, as a table."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import torch

from seqmill.files import atomic_path
from seqmill.progress import progress
from seqmill.shards.decode import RowBlock, empty_batch
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.shards.schema import Encoding

BATCH = 512
LOGIT = "logit_"

Arrays = dict[str, npt.NDArray[Any]]


class Predictor:
    """Runs a trained module over examples, on the GPU where there is one.

    Parameters
    ----------
    module : LightningModule
        Its ``predict_step`` takes a batch as a dictionary of tensors and gives one, a row an example.
    encoding : Encoding
        Encoding of the examples.
    """

    def __init__(self, module: Any, encoding: Encoding) -> None:
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._module = module.eval().to(self._device)
        self._columns = tuple(column for column in encoding.all_columns if column.kind != "string")

    def arrays(self, batch: Arrays) -> Arrays:
        """Predict one batch as the loader gives it.

        Returns
        -------
        dict of str to array
            Outputs by column: an output of shape (B, C) becomes ``NAME_0`` to ``NAME_{C-1}``, with a plural
            name in the singular (``logits`` gives ``logit_0``).
        """
        tensors = {
            name: torch.from_numpy(values).to(self._device)
            for name, values in batch.items()
            if values.dtype != object
        }
        with torch.inference_mode():
            outputs = self._module.predict_step(tensors, 0)
        return dict(_columns(outputs))

    def record_batch(self, batch: pa.RecordBatch) -> Arrays:
        """Predict the examples of a record batch."""
        pieces = [self.arrays(arrays) for arrays in _cut(batch, self._columns)]
        return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


def predict_split(predictor: Predictor, manifest: Manifest, split: str, *, threads: int) -> pd.DataFrame:
    """Predict every example of a split.

    Returns
    -------
    DataFrame
        One row an example, in stored order: the columns of the shards without payloads, then the outputs.

    Raises
    ------
    InputError
        When there is no such split, or a shard is damaged.
    """
    stored = [column.name for column in manifest.encoding.all_columns if not column.is_payload]
    payloads = [column.name for column in manifest.encoding.all_columns if column.is_payload]
    loader = Loader(
        manifest,
        split,
        batch_size=BATCH,
        seed=0,
        shuffle=False,
        columns=[*stored, *payloads],
        threads=threads,
    )
    tables = []
    with progress(total=loader.rows, desc=f"predict {split}", unit="examples") as bar:
        for batch in loader.epoch(0):
            outputs = predictor.arrays(batch)
            tables.append(pd.DataFrame({name: batch[name] for name in stored} | outputs))
            bar.update(len(tables[-1]))
    return pd.concat(tables, ignore_index=True)


def logits(predictions: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Give the logits of a table of predictions, shape (n, classes)."""
    classes = sum(name.startswith(LOGIT) for name in predictions)
    return predictions[[f"{LOGIT}{index}" for index in range(classes)]].to_numpy(np.float64)


def write_predictions(path: str | os.PathLike[str], predictions: pd.DataFrame) -> None:
    """Write predictions as Parquet, atomically; the bytes depend on the content alone."""
    with atomic_path(Path(path)) as aside:
        table = pa.Table.from_pandas(predictions, preserve_index=False).replace_schema_metadata(None)
        pq.write_table(table, aside, compression="zstd")


def _columns(outputs: dict[str, torch.Tensor]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for name, values in outputs.items():
        found = values.float().cpu().numpy()
        if found.ndim == 1:
            yield name, found
            continue
        for index in range(found.shape[1]):
            yield f"{name.removesuffix('s')}_{index}", found[:, index]


def _cut(batch: pa.RecordBatch, columns: tuple[Any, ...]) -> Iterator[Arrays]:
    for start in range(0, batch.num_rows, BATCH):
        piece = pa.Table.from_batches([batch.slice(start, BATCH)])
        block = RowBlock(columns, piece.num_rows, {})
        block.add(piece, np.arange(piece.num_rows))
        arrays = empty_batch(columns, piece.num_rows)
        block.fill(arrays, 0, 0, piece.num_rows)
        yield arrays

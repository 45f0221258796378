"""What a model says about each example, as a table."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import torch

from seqmill.files import atomic_path
from seqmill.origin import KEY, Node, beside, settled, this_step
from seqmill.progress import progress
from seqmill.shards.decode import RowBlock, empty_batch
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.shards.parquet import PREFIX
from seqmill.shards.schema import Encoding
from seqmill.shards.table_digest import table_digest

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
        self._columns = encoding.numeric_columns

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

    def pieces(self, batch: Arrays) -> Arrays:
        """Predict a batch of any size, so many rows at a time as the memory holds."""
        rows = len(next(iter(batch.values())))
        pieces = [
            self.arrays({name: values[at : at + BATCH] for name, values in batch.items()})
            for at in range(0, rows, BATCH)
        ]
        return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}

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


def write_predictions(
    path: str | os.PathLike[str], predictions: pd.DataFrame, *, parents: Sequence[Node] = ()
) -> Node:
    """Write predictions as Parquet, atomically; the bytes depend on content and lineage alone.

    Parameters
    ----------
    path : path
        The file to write.
    predictions : DataFrame
        One row an example.
    parents : sequence of Node
        What they were made of.

    Returns
    -------
    Node
        The file, for the lineage of what is made of it.
    """
    return write_table(path, predictions, kind="predictions", parents=parents)


def write_table(
    path: str | os.PathLike[str], rows: pd.DataFrame, *, kind: str, parents: Sequence[Node]
) -> Node:
    """Write a table that tells its lineage, as `write_predictions` does."""
    table = pa.Table.from_pandas(rows, preserve_index=False)
    node = Node(
        kind=kind,
        name=kind,
        digest=table_digest(table),
        of="content",
        step=this_step(),
        parents=tuple(parents),
    )
    told = {PREFIX + KEY: json.dumps(node.to_dict(), sort_keys=True)}
    with atomic_path(Path(path)) as aside:
        pq.write_table(table.replace_schema_metadata(told), aside, compression="zstd")
    return beside(node, Path(path).name)


def read_origin(path: Path) -> Node | None:
    """Give the lineage that a table tells, with its place; None when it tells none."""
    told = (pq.read_schema(path).metadata or {}).get((PREFIX + KEY).encode())
    return None if told is None else settled(Node.from_dict(json.loads(told), source=path), path)


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
        block = RowBlock(columns, piece.num_rows)
        block.add(piece)
        arrays = empty_batch(columns, piece.num_rows)
        block.fill(arrays, 0, np.arange(piece.num_rows))
        yield arrays

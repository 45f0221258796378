"""Other loaders over the same rows of bytes, each used as its documentation advises for speed.

All read uncompressed data from the page cache, which is their best case, run in this process without
workers, and deliver batches of fresh arrays: payloads uint8 [B, ...] and labels [B]. All shuffle but the
naive Parquet reader, which comes a second time with a shuffle in memory.
"""

import io
import os
import tarfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from harness import Claim, best_peer, claim, installed

Arrays = tuple[npt.NDArray[np.uint8], npt.NDArray[Any]]
Read = Callable[[int], Iterator[Arrays]]
"""Gives the batches of an epoch for a batch size."""


UNSHUFFLED = "naive Parquet, not shuffled"
"""Gives batches in stored order, which is not what is claimed: its lines have no goal."""

BY_HAND = "HF datasets, Arrow buffers by hand"
"""Not a loader one is offered but what an expert writes over one; the nearest to a bare copy of memory."""


def orders(n: int, size: int) -> Iterator[npt.NDArray[np.int64]]:
    """Cut a permutation into batches."""
    order = np.random.default_rng(1).permutation(n)
    for begin in range(0, n, size):
        yield order[begin : begin + size]


def _hf_saved(folder: Path, rows: npt.NDArray[np.uint8], labels: npt.NDArray[np.int8]) -> Any:
    """Save rows of bytes as a Hugging Face data set and open it, memory-mapped."""
    os.environ["HF_DATASETS_OFFLINE"] = "1"
    import datasets

    datasets.disable_progress_bars()
    table = {"payload": [row.tobytes() for row in rows], "label": labels.tolist()}
    kinds = datasets.Features({"payload": datasets.Value("large_binary"), "label": datasets.Value("int8")})
    datasets.Dataset.from_dict(table, features=kinds).save_to_disk(str(folder / "hf"))
    return datasets.load_from_disk(str(folder / "hf"))


def hf_datasets(folder: Path, rows: npt.NDArray[np.uint8], labels: npt.NDArray[np.int8]) -> Read:
    """Hugging Face datasets: a whole batch of rows at a time, stacked."""
    data = _hf_saved(folder, rows, labels)

    def read(size: int) -> Iterator[Arrays]:
        for chosen in orders(len(rows), size):
            batch = data[chosen.tolist()]
            payloads = [np.frombuffer(row, np.uint8).reshape(rows.shape[1:]) for row in batch["payload"]]
            yield np.stack(payloads), np.array(batch["label"])

    return read


def hf_buffers(folder: Path, rows: npt.NDArray[np.uint8], labels: npt.NDArray[np.int8]) -> Read:
    """Hugging Face datasets, its arrow format, buffers viewed by hand: one copy in all."""
    data = _hf_saved(folder, rows, labels).with_format("arrow")

    def read(size: int) -> Iterator[Arrays]:
        for chosen in orders(len(rows), size):
            batch = data[chosen.tolist()]
            payloads = batch["payload"].combine_chunks()
            payloads = payloads.chunk(0) if isinstance(payloads, pa.ChunkedArray) else payloads
            content = np.frombuffer(payloads.buffers()[2], np.uint8)
            begin = np.frombuffer(payloads.buffers()[1], np.int64)[payloads.offset]
            content = content[begin : begin + len(chosen) * rows[0].size]
            yield content.reshape(len(chosen), *rows.shape[1:]), batch["label"].to_numpy()

    return read


def litdata(folder: Path, rows: npt.NDArray[np.uint8], labels: npt.NDArray[np.int8]) -> Read:
    """Lightning's litdata: its binary chunks, its streaming data set and loader."""
    os.environ.setdefault("LITDATA_DISABLE_VERSION_CHECK", "1")
    import torch
    from litdata import StreamingDataLoader, StreamingDataset
    from litdata.streaming import Cache

    cache = Cache(str(folder / "lit"), chunk_bytes=1 << 26)
    for place, row in enumerate(rows):
        cache[place] = {"payload": torch.from_numpy(row), "label": int(labels[place])}
    cache.done()
    cache.merge()

    def read(size: int) -> Iterator[Arrays]:
        data = StreamingDataset(str(folder / "lit"), shuffle=True, seed=1)
        for batch in StreamingDataLoader(data, batch_size=size, num_workers=0):
            yield batch["payload"].numpy(), batch["label"].numpy()

    return read


def webdataset(folder: Path, rows: npt.NDArray[np.uint8], labels: npt.NDArray[np.int8]) -> Read:
    """WebDataset: one uncompressed tar, a shuffle buffer of 500."""
    import webdataset as wds

    with tarfile.open(folder / "data.tar", "w") as tar:
        for place, row in enumerate(rows):
            for kind, content in (("bin", row.tobytes()), ("cls", str(labels[place]).encode())):
                member = tarfile.TarInfo(f"{place:08d}.{kind}")
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))

    def unpack(sample: dict[str, bytes]) -> tuple[npt.NDArray[np.uint8], int]:
        return np.frombuffer(sample["bin"], np.uint8).reshape(rows.shape[1:]), int(sample["cls"])

    def read(size: int) -> Iterator[Arrays]:
        data = wds.WebDataset(str(folder / "data.tar"), shardshuffle=False, empty_check=False)
        for samples in data.shuffle(500).map(unpack).batched(size, collation_fn=None):
            yield np.stack([payload for payload, _ in samples]), np.array([label for _, label in samples])

    return read


def hdf5(folder: Path, rows: npt.NDArray[np.uint8], labels: npt.NDArray[np.int8]) -> Read:
    """HDF5 through h5py: contiguous, each chosen row read straight into the batch."""
    import h5py

    with h5py.File(folder / "data.h5", "w") as file:
        file["payload"], file["label"] = rows, labels

    def read(size: int) -> Iterator[Arrays]:
        with h5py.File(folder / "data.h5") as file:
            data, known = file["payload"], file["label"][:]
            for chosen in orders(len(rows), size):
                batch = np.empty((len(chosen), *rows.shape[1:]), np.uint8)
                for place, row in enumerate(chosen.tolist()):
                    data.read_direct(batch, np.s_[row], np.s_[place])
                yield batch, known[chosen]

    return read


def _stacked(table: Any, shape: tuple[int, ...]) -> Arrays:
    found = table.to_pylist()
    payloads = [np.frombuffer(row["payload"], np.uint8).reshape(shape) for row in found]
    return np.stack(payloads), np.array([row["label"] for row in found])


def _parquet(folder: Path, rows: npt.NDArray[np.uint8], labels: npt.NDArray[np.int8]) -> Path:
    path = folder / "data.parquet"
    payloads = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(rows[0].size), len(rows), [None, pa.py_buffer(np.ascontiguousarray(rows))]
    )
    table = pa.table({"payload": payloads, "label": pa.array(labels)})
    pq.write_table(table, path, compression="none", use_dictionary=False, row_group_size=256)
    return path


def parquet_unshuffled(folder: Path, rows: npt.NDArray[np.uint8], labels: npt.NDArray[np.int8]) -> Read:
    """Naive Parquet: iter_batches, Python objects, stack; in stored order."""
    path = _parquet(folder, rows, labels)

    def read(size: int) -> Iterator[Arrays]:
        for batch in pq.ParquetFile(path).iter_batches(size, use_threads=False):
            yield _stacked(batch, rows.shape[1:])

    return read


def parquet_shuffled(folder: Path, rows: npt.NDArray[np.uint8], labels: npt.NDArray[np.int8]) -> Read:
    """Naive Parquet with a shuffle: a buffer of row groups is filled, rows are taken from it at random."""
    path = _parquet(folder, rows, labels)

    def read(size: int) -> Iterator[Arrays]:
        file = pq.ParquetFile(path)
        groups = np.random.default_rng(1).permutation(file.num_row_groups)
        for begin in range(0, len(groups), 8):
            table = file.read_row_groups(groups[begin : begin + 8].tolist(), use_threads=False)
            for chosen in orders(len(table), size):
                yield _stacked(table.take(pa.array(chosen)), rows.shape[1:])

    return read


PEERS: dict[str, tuple[str, Callable[..., Read]]] = {
    "HF datasets": ("datasets", hf_datasets),
    BY_HAND: ("datasets", hf_buffers),
    "litdata": ("litdata", litdata),
    "webdataset": ("webdataset", webdataset),
    "HDF5 (h5py)": ("h5py", hdf5),
    UNSHUFFLED: ("pyarrow", parquet_unshuffled),
    "naive Parquet, shuffled": ("pyarrow", parquet_shuffled),
}


def readers(
    folder: Path, rows: npt.NDArray[np.uint8], labels: npt.NDArray[np.int8]
) -> dict[str, Read | None]:
    """Write the rows for every peer that is installed and give its reader; None where it is not."""
    warnings.filterwarnings("ignore")
    found: dict[str, Read | None] = {}
    for name, (module, build) in PEERS.items():
        target = folder / name.replace(" ", "-")
        target.mkdir()
        found[name] = build(target, rows, labels) if installed(module) else None
    return found


def drain(batches: Iterator[Arrays], rows: int) -> None:
    """Read an epoch and see that it is whole."""
    found = sum(len(payloads) for payloads, _ in batches)
    if found != rows:
        raise AssertionError(f"{found} rows delivered, {rows} wanted")


def against(rates: Mapping[str, float | None], lines: Sequence[tuple[str, str, float, float]]) -> list[Claim]:
    """Hold figures (key, text, examples/s, goal) against the best that shuffles, and two that stand apart."""
    for name, rate in rates.items():
        print(f"   {name}: " + (f"{rate:,.0f} examples/s" if rate else "not installed"))
    offered = {name: rate for name, rate in rates.items() if name not in (BY_HAND, UNSHUFFLED)}
    peers = {
        "": (best_peer(offered), True),
        "_by_hand": (best_peer({BY_HAND: rates[BY_HAND]}), True),
        "_unshuffled": (best_peer({UNSHUFFLED: rates[UNSHUFFLED]}), False),
    }
    return [
        claim(
            key + suffix,
            text,
            ours=ours,
            peer=peer,
            peer_name=name,
            goal=goal if has_goal else None,
            unit="examples/s",
            note=note,
        )
        for suffix, ((name, peer, note), has_goal) in peers.items()
        for key, text, ours, goal in lines
    ]

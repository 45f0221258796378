"""Bytes per example and write speed of shards, beside gzip TFRecord of the full tensor.

    python benchmarks/shards.py [--quick] [--json FILE]

The peer is what DeepVariant's examples are: records of a full tensor, framed as TFRecord and compressed by
gzip at level 6. It is written here without TensorFlow, which cuts in the peer's favour: no protocol buffers,
a checksum that costs less than TensorFlow's, tensors that are already in memory. Its planes lie one after
another, which gzip packs better than the channels-last order of TensorFlow's images; both are reported.

Ours starts at the encoder's record batches and ends at shards in their final, shuffled order: sorted parts,
merge, digests and manifest included.
"""

import shutil
import struct
import tempfile
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
from harness import Case, Claim, claim, main, measure
from pileups import IMAGE, dataset, record_batches, tensors, write_dataset

Tensors = npt.NDArray[np.uint8]


def checksum(content: bytes) -> bytes:
    """Mask a CRC as TFRecord does; CRC-32 in place of CRC-32C, for which Python has no fast function."""
    crc = zlib.crc32(content)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def write_tfrecord(path: Path, planes: Tensors) -> None:
    """Write one record for each tensor into a gzip file of level 6."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    with path.open("wb") as file:
        for one in planes:
            record = one.tobytes()
            length = struct.pack("<Q", len(record))
            framed = b"".join((length, checksum(length), record, checksum(record)))
            file.write(packer.compress(framed))
        file.write(packer.flush())


def shard_bytes(folder: Path) -> int:
    """Sum the sizes of the shards."""
    return sum(path.stat().st_size for path in (folder / "dataset").glob("*.parquet"))


def claims(*, quick: bool) -> list[Claim]:
    """Write the same examples in both ways; fewer of them for the slow peer, as rates allow."""
    count, few = (4096, 128) if quick else (16_384, 512)
    kind, batches = record_batches(IMAGE, count)
    count = sum(batch.num_rows for batch in batches)
    planes = tensors(dataset(IMAGE, few))[0]
    last = np.ascontiguousarray(planes.transpose(0, 2, 3, 1))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def ours() -> None:
            shutil.rmtree(folder / "ours", ignore_errors=True)
            write_dataset(folder / "ours", kind, batches)

        cases = [
            Case("ours", ours),
            Case("first", lambda: write_tfrecord(folder / "first", planes)),
            Case("last", lambda: write_tfrecord(folder / "last", last)),
        ]
        seconds = measure(cases, rounds=2 if quick else 5)
        size = shard_bytes(folder / "ours") / count
        sizes = {name: (folder / name).stat().st_size / len(planes) for name in ("first", "last")}
    shape = f"{IMAGE.rows} x {IMAGE.columns} pileups of 30x reads with binned qualities"
    rate = count / seconds["ours"]
    return [
        claim(
            "shards.bytes",
            f"shard bytes per example, {shape}; the peer holds 7 planes of them",
            ours=size,
            peer=sizes["first"],
            peer_name="gzip TFRecord, planes first (framing written here)",
            goal=0.65,
            higher_is_better=False,
            unit="bytes",
        ),
        claim(
            "shards.bytes_channels_last",
            f"shard bytes per example, {shape}; the peer in TensorFlow's order of channels",
            ours=size,
            peer=sizes["last"],
            peer_name="gzip TFRecord, channels last (framing written here)",
            goal=0.65,
            higher_is_better=False,
            unit="bytes",
        ),
        claim(
            "shards.write",
            "encoded examples to shuffled, digested shards; the peer only writes records, in the order given",
            ours=rate,
            peer=len(planes) / min(seconds["first"], seconds["last"]),
            peer_name="gzip TFRecord, the faster order (framing written here)",
            goal=20,
            unit="examples/s",
        ),
    ]


if __name__ == "__main__":
    main(claims)

"""Gather the parts of all jobs into the shards, the manifest and the label report of a dataset."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seqmill.errors import InputError
from seqmill.files import program_version, sha256_file, write_json
from seqmill.genome.splits import Splits
from seqmill.origin import KEY, Node
from seqmill.progress import progress
from seqmill.shards.labels import check_limit_names, check_limits, label_report
from seqmill.shards.manifest import Manifest, Shard, TableFile
from seqmill.shards.merge import merge_many
from seqmill.shards.parquet import clear_write_errors
from seqmill.shards.parts import PartHeader, read_header
from seqmill.shards.schema import SCHEMA_VERSION, Encoding
from seqmill.shards.shard_writer import SplitWriter

MANIFEST, LABELS = "manifest.json", "labels.json"

_SHARD_NAME = re.compile(r".+-\d{5}\.parquet")


def collect(
    parts: Sequence[str | os.PathLike[str]],
    out_dir: str | os.PathLike[str],
    *,
    dataset: str,
    encoding: Encoding,
    splits: Mapping[str, Any],
    seed: int,
    inputs: Mapping[str, Any],
    reference: Mapping[str, str],
    limits: Mapping[str, float] | None = None,
    rows_per_group: int = 2048,
    rows_per_shard: int = 262_144,
    context: Mapping[str, Any] | None = None,
    lineage: Node | None = None,
    tables: Mapping[str, Path] | None = None,
    encrypted: bool = False,
) -> Manifest:
    """Merge parts into a dataset.

    Shards are laid down in the order of ``order_key(seed, example_id)``, so they are byte-identical
    however examples were divided among jobs. Memory holds a few hundred rows of each part and a row group
    of each split. Shards are written aside and take their places together, the manifest last; on any
    error the folder is left as it was.

    Parameters
    ----------
    parts : sequence of path
        Files written by `PartWriter`, in any order.
    out_dir : path
        Folder of ``SPLIT-00000.parquet``, ..., ``labels.json`` and ``manifest.json``.
    dataset : str
        Name of the dataset.
    encoding : Encoding
        Encoding all parts must have.
    splits : mapping
        Split -> ``samples`` and ``contigs``, as `Splits` takes it.
    seed : int
        Seed of the stored order.
    inputs : mapping
        Sample -> list of ``name`` and ``sha256`` of the files its reads came from.
    reference : mapping
        ``path`` and ``checksum`` of the reference.
    limits : mapping, optional
        Limits on the label report, see `seqmill.shards.labels.LIMITS`.
    rows_per_group, rows_per_shard : int
        Rows in a row group and, at most, in a shard.
    context : mapping, optional
        Facts for later stages, carried along in the manifest.
    lineage : Node, optional
        What the dataset is made of. The manifest tells all of it; the shards, which are the same bytes
        wherever they are made, leave out places and commands.
    tables : mapping, optional
        Name -> file of the tables that rows point into; they are copied beside the manifest.
    encrypted : bool
        Whether shards are encrypted, under the key that the environment names; tables stay as they are.

    Returns
    -------
    Manifest
        The manifest that was written.

    Raises
    ------
    InputError
        When a part has another encoding or seed, an example occurs twice or in the wrong split, a split
        is empty, or a limit is violated.
    ConfigErrors
        When splits overlap.
    SeqmillError
        When the disk is full.
    """
    declared = Splits(splits)
    check_limit_names(limits or {})
    paths = sorted(Path(part) for part in parts)
    headers = [_checked(path, encoding, seed) for path in paths]
    metadata = {
        "application": encoding.application,
        "encoding": json.dumps(encoding.to_dict(), sort_keys=True),
        "encoding_digest": encoding.digest,
        "inputs": json.dumps(inputs, sort_keys=True),
        "program_version": program_version(),
        "reference": reference["checksum"],
        "schema_version": str(SCHEMA_VERSION),
        "seed": str(seed),
    }
    if lineage is not None:
        metadata[KEY] = json.dumps(lineage.bare().to_dict(), sort_keys=True)
    out_dir = Path(out_dir)
    with clear_write_errors(out_dir), _staging(out_dir) as staging:
        writers = {
            split: SplitWriter(
                staging,
                split,
                encoding,
                rows_per_group=rows_per_group,
                rows_per_shard=rows_per_shard,
                metadata=metadata,
                encrypted=encrypted,
            )
            for split in sorted(declared.names)
        }
        rows = sum(header.rows for header in headers)
        try:
            with progress(total=rows, desc="collecting examples", unit="examples") as bar:
                for table in merge_many(paths, seed, encoding, staging / "merge", encrypted=encrypted):
                    _route(table, writers, declared)
                    bar.update(table.num_rows)
            shards = [shard for writer in writers.values() for shard in writer.finish()]
        except BaseException:
            for writer in writers.values():
                writer.abandon()
            raise
        _refuse_empty(shards, declared)
        manifest = Manifest(
            path=out_dir / MANIFEST,
            dataset=dataset,
            encoding=encoding,
            seed=seed,
            splits=declared.as_dict(),
            reference=reference,
            inputs=inputs,
            shards=tuple(shards),
            context=context or {},
            program_version=program_version(),
            lineage={} if lineage is None else lineage.to_dict(),
            tables=tuple(_copied(name, path, staging) for name, path in sorted((tables or {}).items())),
        )
        report = label_report(manifest, headers)
        check_limits(report, limits or {})
        _publish(staging, manifest, report)
    return manifest


def _copied(table: str, path: Path, folder: Path) -> TableFile:
    """Copy a table into a folder."""
    target = folder / path.name
    shutil.copyfile(path, target)
    return TableFile(table=table, name=path.name, bytes=target.stat().st_size, sha256=sha256_file(target))


def _checked(path: Path, encoding: Encoding, seed: int) -> PartHeader:
    header = read_header(path)
    if header.encoding.digest != encoding.digest:
        differences = "; ".join(encoding.differences(header.encoding))
        raise InputError(f"{path}: another encoding ({differences}); remove the part and build it again")
    if header.seed != seed:
        raise InputError(
            f"{path}: seed {header.seed} found, {seed} wanted; remove the part and build it again"
        )
    return header


@contextmanager
def _staging(out_dir: Path) -> Iterator[Path]:
    out_dir.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{os.getpid()}.part.", dir=out_dir))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _route(table: pa.Table, writers: Mapping[str, SplitWriter], splits: Splits) -> None:
    """Hand rows to the writers of their splits, checking that they belong there."""
    kinds = table.select(["sample", "contig", "split"]).group_by(["sample", "contig", "split"]).aggregate([])
    found = set()
    for kind in kinds.to_pylist():
        wanted = splits.of(kind["sample"], kind["contig"])
        if kind["split"] != wanted:
            raise InputError(
                f"parts: examples of sample {kind['sample']} on contig {kind['contig']} are in split "
                f"'{kind['split']}', {wanted!r} wanted by splits; build the parts of {kind['sample']} again"
            )
        found.add(kind["split"])
    for split in sorted(found):
        whole = len(found) == 1
        writers[split].add(table if whole else table.filter(pc.equal(table["split"], split)))


def _refuse_empty(shards: Sequence[Shard], splits: Splits) -> None:
    filled = {shard.split for shard in shards}
    for split in splits.names:
        if split not in filled:
            samples, contigs = ", ".join(splits.samples(split)), ", ".join(splits.contigs(split))
            raise InputError(
                f"splits.{split}: 0 examples found, at least 1 wanted, for {samples} on {contigs}; "
                "see that these samples have reads or labels on these contigs, outside of any mask"
            )


def _publish(staging: Path, manifest: Manifest, report: Mapping[str, Any]) -> None:
    """Put the shards in their places and take away those of an earlier build; the manifest comes last."""
    out_dir = manifest.path.parent
    manifest.path.unlink(missing_ok=True)
    for old in out_dir.iterdir():
        if _SHARD_NAME.fullmatch(old.name):
            old.unlink()
    for shard in manifest.shards:
        os.replace(staging / shard.name, out_dir / shard.name)
    for table in manifest.tables:
        os.replace(staging / table.name, out_dir / table.name)
    write_json(out_dir / LABELS, report)
    manifest.save()

"""Datasets of real pileups to measure on, in the shape asked for, and the same pileups as full tensors."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import torch
from inputs import CONTIG, DEPTH, SAMPLE, built_once, thirty_fold_bam

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.small_variants.examples import examples
from seqmill.applications.small_variants.planes import expand_planes
from seqmill.applications.small_variants.spec import Options, encoding
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.shards.collect import collect
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.shards.parts import PartWriter
from seqmill.shards.schema import Encoding, arrow_schema

SPLIT = "train"
SEED = 1
IMAGE = Options(rows=100, columns=221, min_support=1, min_fraction=0.02)
"""The shape that DeepVariant made common; sites of single errors are let in, so that there are enough."""
DEFAULT = replace(IMAGE, rows=48, columns=41)
"""The shape that the application uses."""
PLACE = {"reference": {"path": "", "checksum": ""}, "inputs": {}, "seed": SEED}


def record_batches(options: Options, count: int) -> tuple[Encoding, list[pa.RecordBatch]]:
    """Encode the reads of one megabase and give the first `count` examples, fewer if there are no more."""
    bam = thirty_fold_bam(1)
    path = bam.with_name("reference.fa")
    with Reference(path) as reference:
        whole = Interval(CONTIG, 0, reference.contigs[CONTIG])
    job = ExamplesJob(
        sample=SAMPLE,
        alignments=bam,
        reference=path,
        intervals=(whole,),
        splits=None,
        depths=("full",),
        mean_depth=DEPTH,
        seed=SEED,
        options=options,
    )
    kind = encoding(options)
    found: list[pa.RecordBatch] = []
    for batch in examples(job, LabelReport()):
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        columns["split"] = pa.repeat(SPLIT, batch.num_rows)
        rest = count - sum(one.num_rows for one in found)
        found.append(pa.record_batch(columns, schema=arrow_schema(kind)).slice(0, rest))
        if rest <= batch.num_rows:
            break
    return kind, found


def write_dataset(folder: Path, kind: Encoding, batches: list[pa.RecordBatch]) -> Manifest:
    """Write record batches through a part into shards, as the workflow does."""
    folder.mkdir(parents=True, exist_ok=True)
    with PartWriter(folder / "part.parquet", kind, seed=SEED) as writer:
        for batch in batches:
            writer.write(batch)
    splits = {SPLIT: {"samples": [SAMPLE], "contigs": [CONTIG]}}
    return collect(
        [folder / "part.parquet"],
        folder / "dataset",
        dataset="pileups",
        encoding=kind,
        splits=splits,
        **PLACE,
    )


def dataset(options: Options, count: int) -> Manifest:
    """Give a dataset of at most `count` examples, built once."""
    kind = encoding(options)
    folder = Path(__file__).parent / ".cache" / f"pileups-{count}-{kind.digest[:12]}"
    with built_once(folder) as aside:
        if aside is not None:
            write_dataset(aside, *record_batches(options, count))
    return Manifest.load(folder / "dataset" / "manifest.json")


def tensors(manifest: Manifest) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int8]]:
    """Give all examples as full tensors, uint8 [n, 7, rows, columns], and labels, in stored order."""
    loader = Loader(manifest, SPLIT, batch_size=256, seed=0, shuffle=False, columns=["copies", "pileup"])
    columns = manifest.encoding.options["columns"]
    planes, labels = [], []
    for batch in loader.epoch(0):
        planes.append(expand_planes(torch.from_numpy(batch["pileup"]), columns).numpy())
        labels.append(batch["copies"])
    return np.concatenate(planes), np.concatenate(labels)

"""Samples of two conditions on one genome: a motif opens chromatin in the one, another motif in the other."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.applications.accessibility import planted

OPTIONS: dict[str, Any] = {
    "span": 1000,
    "flank": 200,
    "window": 200,
    "stride": 100,
    "drop_duplicates": False,
    "tracks": ["control", "treated"],
}
MOTIFS = {"control": planted.MOTIF, "treated": "GTGACTCATT"}
SAMPLES = {"ada": "control", "ann": "control", "bo": "treated"}
"""Sample -> condition; the first two are replicates."""

Call = Callable[[list[str]], None]


def write_world(folder: Path) -> Path:
    """Write the genome and the fragments of each sample; give the genome."""
    genome = folder / "genome.fa"
    places = planted.write_genome(genome, motifs=tuple(MOTIFS.values()), every=planted.EVERY // 2)
    for seed, (sample, condition) in enumerate(SAMPLES.items()):
        own = list(MOTIFS).index(condition)
        opened = {name: at[planted.kind(at, len(MOTIFS)) == own] for name, at in places.items()}
        planted.write_fragments(folder / f"{sample}.fragments.bed", opened, seed=10 + seed)
    return genome


def plan_of(genome: Path, samples: Sequence[str], options: Mapping[str, Any]) -> dict[str, Any]:
    """Give the plan of a dataset of some of the samples."""
    splits = {name: {**members, "samples": list(samples)} for name, members in planted.SPLITS.items()}
    return {
        "dataset": "tracks",
        "application": "accessibility",
        "options": dict(options),
        "seed": 1,
        "region_batch": 100_000,
        "reference": str(genome),
        "depths": {name: ["full"] for name in samples},
        "samples": {name: {"condition": SAMPLES[name]} for name in samples},
        "splits": splits,
        "evaluation": {"replicates": 50},
    }


def make_dataset(
    folder: Path, genome: Path, *, call: Call, samples: Sequence[str], options: Mapping[str, Any] = OPTIONS
) -> Path:
    """Go from the fragments of samples to a dataset, verb by verb; give its manifest.

    `call` runs the command line; the plan lies beside the dataset as ``plan.json``, staged reads as
    ``SAMPLE.bed.gz``.
    """
    folder.mkdir(exist_ok=True)
    (folder / "plan.json").write_text(json.dumps(plan_of(genome, samples, options)))
    given = ["--plan", str(folder / "plan.json")]
    for name in samples:
        reads, report = folder / f"{name}.bed.gz", folder / f"{name}.report.json"
        source = ["--fragments", str(genome.parent / f"{name}.fragments.bed"), "--reference", str(genome)]
        call(["reads", "--sample", name, *source, "--output", str(reads), "--report", str(report)])
        staged = ["--alignments", str(reads), "--read-report", str(report), "--batch", "0"]
        call(["examples", *given, "--sample", name, *staged, "--output", str(folder / f"{name}.parquet")])
    parts = [str(folder / f"{name}.parquet") for name in samples]
    reports = [str(folder / f"{name}.report.json") for name in samples]
    told = ["--part", *parts, "--read-report", *reports]
    call(["collect", *given, *told, "--output-dir", str(folder / "dataset")])
    return folder / "dataset" / "manifest.json"

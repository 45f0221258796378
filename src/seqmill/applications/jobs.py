"""A dataset plan's jobs: one sample's reads over one batch of regions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from seqmill.applications.application import Application, ExamplesJob, find_application
from seqmill.errors import ConfigErrors, InputError, nearest
from seqmill.genome.intervals import Interval, region_batches
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.profiles.index import SUFFIX, ProfileIndex
from seqmill.shards.schema import Encoding
from seqmill.typed import build

PLAN_KEYS = ("application", "depths", "reference", "region_batch", "samples", "seed", "splits")
"""Keys of a dataset plan without which no job can be built."""


def example_options(application: Application, given: Mapping[str, Any], *, source: object) -> Any:
    """Build an application's example options from plain values.

    Parameters
    ----------
    application : Application
        The application.
    given : mapping
        Option -> value.
    source : object
        Where they were read, for the message.

    Raises
    ------
    ConfigErrors
        With all keys that the application does not know and the nearest it does, and all bad values.
    """
    problems: list[str] = []
    options = build(application.options, given, path="options", problems=problems)
    if problems:
        raise ConfigErrors(str(source), problems)
    return options


def open_reference(path: Path) -> Reference | ProfileIndex:
    """Open what examples lie on: a genome or, by its ending ``.json``, the index of a dataset's tables."""
    return ProfileIndex(path) if path.suffix == SUFFIX else Reference(path)


def encoding_on(application: Application, options: Any, reference: Reference | ProfileIndex) -> Encoding:
    """Give the encoding of examples; where they point into tables, it tells of the tables' features."""
    encoding = application.encoding(options)
    return replace(encoding, tables=reference.layout) if isinstance(reference, ProfileIndex) else encoding


def sample_batches(
    contigs: Mapping[str, int], splits: Splits, sample: str, region_batch: int
) -> list[list[Interval]]:
    """Cut the contigs that the splits use of a sample into batches, in the order of the reference.

    Parameters
    ----------
    contigs : mapping
        Contig -> length in bases.
    splits : Splits
        Splits of the dataset.
    sample : str
        Name of the sample.
    region_batch : int
        Bases of a batch, about.
    """
    used = set(splits.contigs_of(sample))
    return region_batches({name: size for name, size in contigs.items() if name in used}, region_batch)


def job_from_plan(
    plan: Mapping[str, Any],
    *,
    sample: str,
    batch: int,
    alignments: Path,
    read_report: Mapping[str, Any],
) -> ExamplesJob:
    """Build the job of one sample and region batch.

    Parameters
    ----------
    plan : mapping
        Content of the dataset plan.
    sample : str
        Name of the sample.
    batch : int
        Number of the batch, from 0.
    alignments : Path
        Staged alignments of the sample.
    read_report : mapping
        Content of the sample's read report; its ``mean_depth`` and the depths of its contigs are used.

    Raises
    ------
    InputError
        When the plan holds no such sample or batch.
    """
    samples = plan["samples"]
    if sample not in samples:
        raise InputError(f"sample '{sample}' is not in the plan{nearest(sample, samples)}")
    application = find_application(plan["application"])
    splits = Splits(plan["splits"])
    with open_reference(Path(plan["reference"])) as reference:
        batches = sample_batches(reference.contigs, splits, sample, int(plan["region_batch"]))
    if batch >= len(batches):
        raise InputError(f"sample '{sample}': batch {batch} asked for, {len(batches)} batches planned")
    facts = samples[sample]
    return ExamplesJob(
        sample=sample,
        alignments=alignments,
        reference=Path(plan["reference"]),
        intervals=tuple(batches[batch]),
        splits=splits,
        labels={name: Path(facts[name]) for name in application.labels},
        files={name: Path(path) for name, path in plan.get("files", {}).items()},
        depths=tuple(str(depth) for depth in plan["depths"][sample]),
        mean_depth=float(read_report["mean_depth"]),
        contig_depth=_contig_depth(read_report),
        seed=int(plan["seed"]),
        options=example_options(application, plan.get("options", {}), source=f"plan of sample '{sample}'"),
    )


def _contig_depth(read_report: Mapping[str, Any]) -> dict[str, float]:
    """Give the median depth of each contig, between whole depths by where the half of the bases falls."""
    histograms = {
        name: facts.get("depth_histogram") or [] for name, facts in read_report.get("contigs", {}).items()
    }
    return {name: _median(counts) for name, counts in histograms.items() if sum(counts)}


def _median(counts: Sequence[int]) -> float:
    """Give the median of grouped data: depth d stands for the values from d - 1/2 to d + 1/2."""
    half, below = sum(counts) / 2, 0
    for depth, count in enumerate(counts):
        if below + count >= half and count:
            return max(0.0, depth - 0.5 + (half - below) / count)
        below += count
    return 0.0

"""The read report of a sample: what was delivered, what was mapped, how deep."""

import json
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pysam

from seqmill.files import sha256_file
from seqmill.genome.reference import Reference
from seqmill.reads.depth import Coverage, coverage
from seqmill.reads.fragment_file import Fragments
from seqmill.reads.region_file import StagedRegions
from seqmill.reads.samtools import samtools

_SHARE_OF_TYPICAL = 0.1


def read_report(
    bam: str | PathLike[str],
    reference: str | PathLike[str],
    *,
    sample: str,
    inputs: Sequence[str | PathLike[str]] = (),
    steps: Sequence[str] = (),
    contig_mismatches: Sequence[str] = (),
) -> dict[str, Any]:
    """Report on a staged BAM, in types that JSON knows.

    Depth counts usable reads: mapped, primary, no duplicates. The mean and the histogram are over the
    contigs the sample was sequenced for: those with at least a tenth of the typical depth, which is the
    median of the contigs' mean depths weighted by aligned bases. So neither a few stray reads nor the
    many copies of a mitochondrion shift the mean.

    Parameters
    ----------
    bam : path
        Sorted, duplicate-marked, indexed BAM.
    reference : path
        FASTA file; contigs that it lacks are left out.
    sample : str
        Name of the sample.
    inputs : sequence of path
        The files as delivered, for their checksums.
    steps : sequence of str
        What staging did.
    contig_mismatches : sequence of str
        What differs between the contigs of alignments and reference.

    Returns
    -------
    dict
        ``sample``; ``reads``, ``mapped``, ``duplicates``, ``paired``, ``properly_paired`` (primary records);
        ``secondary``, ``supplementary``; ``mean_depth``; ``depth_histogram`` (bases at depth 0, 1, ...; the
        last of 256 bins is that or more); ``insert_size`` (``median``, ``mean``, ``sd`` in bases and
        ``histogram`` by length; each null without proper pairs); ``contigs`` (name to ``length``, usable
        ``reads``, ``mean_depth``, ``counted``, and its ``depth_histogram`` where counted);
        ``contig_mismatches``; ``inputs`` (``name``, ``bytes``, ``sha256``); ``steps``.
    """
    counts = json.loads(samtools("flagstat", "-O", "json", bam))
    passed, failed = counts["QC-passed reads"], counts["QC-failed reads"]
    total = {key: passed[key] + failed[key] for key in passed if not key.endswith("%")}
    with Reference(reference) as fasta:
        lengths = {name: length for name, length in _mapped_contigs(bam).items() if name in fasta.contigs}
    found = {name: coverage(bam, name, length) for name, length in lengths.items()}
    return {
        "sample": sample,
        "reads": total["primary"],
        "mapped": total["primary mapped"],
        "duplicates": total["primary duplicates"],
        "paired": total["paired in sequencing"],
        "properly_paired": total["properly paired"],
        "secondary": total["secondary"],
        "supplementary": total["supplementary"],
        **_depths(found, lengths),
        "contig_mismatches": list(contig_mismatches),
        "inputs": _described(inputs),
        "steps": list(steps),
    }


def fragment_report(
    staged: Fragments, reference: Reference, *, sample: str, inputs: Sequence[str | PathLike[str]]
) -> dict[str, Any]:
    """Report on staged fragments, as `read_report` does: a fragment is two reads in a proper pair.

    Beyond its keys there is ``fragments_dropped``, reason -> fragments left out.
    """
    kept = sum(found.reads for found in staged.coverage.values())
    return {
        "sample": sample,
        "reads": 2 * staged.total,
        "mapped": kept,
        "duplicates": 2 * staged.repeated,
        "paired": 2 * staged.total,
        "properly_paired": kept,
        "secondary": 0,
        "supplementary": 0,
        **_depths(staged.coverage, reference.contigs),
        "contig_mismatches": list(staged.contig_mismatches),
        "inputs": _described(inputs),
        "steps": ["fragments sorted", "indexed"],
        "fragments_dropped": dict(staged.dropped),
    }


def region_report(
    staged: StagedRegions, reference: Reference, *, sample: str, inputs: Sequence[str | PathLike[str]]
) -> dict[str, Any]:
    """Report on staged regions, as `read_report` does: a region is a single read.

    Beyond its keys there is ``regions_dropped``, reason -> regions left out.
    """
    return {
        "sample": sample,
        "reads": staged.total,
        "mapped": staged.kept,
        "duplicates": 0,
        "paired": 0,
        "properly_paired": 0,
        "secondary": 0,
        "supplementary": 0,
        **_depths(staged.coverage, reference.contigs),
        "contig_mismatches": list(staged.contig_mismatches),
        "inputs": _described(inputs),
        "steps": ["regions sorted", "indexed"],
        "regions_dropped": dict(staged.dropped),
    }


def _depths(found: Mapping[str, Coverage], lengths: Mapping[str, int]) -> dict[str, Any]:
    depths = {name: found[name].bases / lengths[name] for name in found}
    counted = _sequenced(depths, {name: found[name].bases for name in found})
    size = sum(lengths[name] for name in counted)
    return {
        "mean_depth": sum(found[name].bases for name in counted) / size if size else 0.0,
        "depth_histogram": _trimmed(sum((found[name].depths for name in counted), np.zeros(1, np.int64))),
        "insert_size": _insert_size(list(found.values())),
        "contigs": {name: _contig(found[name], lengths[name], counted=name in counted) for name in found},
    }


def _described(inputs: Sequence[str | PathLike[str]]) -> list[dict[str, Any]]:
    return [
        {"name": Path(path).name, "bytes": Path(path).stat().st_size, "sha256": sha256_file(path)}
        for path in inputs
    ]


def _mapped_contigs(bam: str | PathLike[str]) -> dict[str, int]:
    with pysam.AlignmentFile(str(bam)) as handle:
        statistics = handle.get_index_statistics()
        return {line.contig: handle.get_reference_length(line.contig) for line in statistics if line.mapped}


def _sequenced(depths: Mapping[str, float], bases: Mapping[str, int]) -> list[str]:
    """Name the contigs whose depth is at least a tenth of the typical one, in their order."""
    half = sum(bases.values()) / 2
    passed, typical = 0, 0.0
    for name in sorted(depths, key=lambda name: depths[name]):
        passed += bases[name]
        if passed >= half:
            typical = depths[name]
            break
    return [name for name in depths if depths[name] > 0 and depths[name] >= _SHARE_OF_TYPICAL * typical]


def _contig(found: Coverage, length: int, *, counted: bool) -> dict[str, Any]:
    facts = {
        "length": length,
        "reads": found.reads,
        "mean_depth": found.bases / length,
        "counted": counted,
    }
    return {**facts, "depth_histogram": _trimmed(found.depths)} if counted else facts


def _insert_size(found: Sequence[Coverage]) -> dict[str, Any]:
    histogram = sum((one.inserts for one in found), np.zeros(1, np.int64))
    pairs = int(histogram.sum())
    if not pairs:
        return {"median": None, "mean": None, "sd": None, "histogram": None}
    sizes = np.arange(len(histogram))
    mean = float((sizes * histogram).sum() / pairs)
    return {
        "median": float(np.searchsorted(np.cumsum(histogram), pairs / 2)),
        "mean": mean,
        "sd": float(np.sqrt((histogram * (sizes - mean) ** 2).sum() / pairs)),
        "histogram": _trimmed(histogram),
    }


def _trimmed(histogram: np.ndarray) -> list[int]:
    """A histogram without the empty bins at its end."""
    used = np.flatnonzero(histogram)
    return histogram[: used[-1] + 1].tolist() if len(used) else []

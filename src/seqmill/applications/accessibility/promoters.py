"""A baseline without sequence: how far the next transcription start is."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.accessibility.evaluate import Said, WindowScorer, options_of
from seqmill.applications.accessibility.spec import Options
from seqmill.applications.accessibility.windows import Floats, observe, tracks_of
from seqmill.applications.scoring import ScoreJob
from seqmill.errors import InputError
from seqmill.genome.gff import read_annotation
from seqmill.genome.lines import table_lines

REACH = 2000
STEP = 50
"""Distances are told apart up to `REACH` bases in steps of `STEP`; what lies further is one class."""

_STRANDS = ("+", "-")
_ANNOTATIONS = (".gtf", ".gff", ".gff3")
Starts = dict[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]


def tss_distance(job: ScoreJob) -> WindowScorer:
    """Predict the training windows' mean log1p count at the same distance from the nearest TSS.

    Each track has means of its own. Distances are signed: positive is downstream, in the direction of
    transcription.

    Raises
    ------
    InputError
        When the configuration names no transcripts, or the file is no annotation and no BED with strands.
    """
    given = job.plan.get("files", {}).get("transcripts")
    if given is None:
        raise InputError(
            "files.transcripts: not given, but the baseline tss_distance needs it; name a GTF, GFF3 or "
            "BED of transcripts with strands in config.yaml, or take the baseline out"
        )
    starts, options = read_starts(Path(given)), options_of(job)
    examples, payloads = job.read("train", ["ends"])
    observed = observe(payloads["ends"], options)
    own = np.repeat(tracks_of(job.examples), options.windows)
    learnt = np.repeat(tracks_of(examples), options.windows)
    known, logs = observed.known.reshape(-1), np.log1p(observed.counts.reshape(-1))
    classes = distance_classes(examples, starts, options)
    asked = distance_classes(job.examples, starts, options)
    predicted = np.empty(len(own))
    for track in np.unique(own):
        used = known & (learnt == track)
        table = mean_by_class(classes[used], logs[used], 2 * REACH // STEP + 1)
        predicted[own == track] = table[asked[own == track]]
    return WindowScorer(job, Said(log_counts=predicted.reshape(-1, options.windows)))


def read_starts(path: Path) -> Starts:
    """Read transcription starts: contig -> sorted positions (0-based) and strands (1 or -1).

    Parameters
    ----------
    path : Path
        GTF or GFF3, by its ending, or BED with the strand in its sixth column; may be gzipped. The start is
        the first base of a transcript.

    Raises
    ------
    InputError
        When a line is no such BED, or the annotation cannot be read.
    """
    annotated = Path(path.name.removesuffix(".gz")).suffix in _ANNOTATIONS
    found = _annotated(path) if annotated else _listed(path)
    ordered = {contig: np.array(sorted(places), np.int64) for contig, places in found.items()}
    return {contig: (places[:, 0], places[:, 1]) for contig, places in ordered.items()}


def _annotated(path: Path) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for transcript in read_annotation(path).transcripts:
        strand = 1 if transcript.strand == "+" else -1
        found.setdefault(transcript.contig, []).append((transcript.tss, strand))
    return found


def _listed(path: Path) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for number, line in table_lines(path, headers=("#", "track", "browser")):
        cells = line.split("\t")
        if len(cells) < 6 or cells[5] not in _STRANDS or not (cells[1] + cells[2]).isdigit():
            raise InputError(
                f"{path}: line {number} is {line[:80]!r}; wanted BED of six columns with the strand, + or -, "
                "in the last"
            )
        forward = cells[5] == "+"
        place = int(cells[1]) if forward else int(cells[2]) - 1
        found.setdefault(cells[0], []).append((place, 1 if forward else -1))
    if not found:
        raise InputError(f"{path}: holds no transcript; wanted BED of six columns")
    return found


def distance_classes(examples: pd.DataFrame, starts: Starts, options: Options) -> npt.NDArray[np.int64]:
    """Give the class of distance of each scored window's middle to the nearest TSS, int64 [n * windows]."""
    middles = examples["start"].to_numpy(np.int64)[:, None] + options.window // 2
    middles = middles + np.arange(options.windows) * options.stride
    far = 2 * REACH // STEP
    classes = np.full(middles.shape, far, np.int64)
    contigs = examples["contig"].to_numpy()
    for contig in dict.fromkeys(contigs):
        if contig not in starts:
            continue
        places, strands = starts[contig]
        own = contigs == contig
        after = np.searchsorted(places, middles[own])
        left, right = np.maximum(after - 1, 0), np.minimum(after, len(places) - 1)
        closer = np.abs(middles[own] - places[left]) <= np.abs(places[right] - middles[own])
        nearest = np.where(closer, left, right)
        distance = (middles[own] - places[nearest]) * strands[nearest]
        near = np.abs(distance) < REACH
        classes[own] = np.where(near, (distance + REACH) // STEP, far)
    return classes.reshape(-1)


def mean_by_class(classes: npt.NDArray[np.int64], values: Floats, kinds: int) -> Floats:
    """Give each class's mean; that of all where a class is empty."""
    held = np.bincount(classes, minlength=kinds)
    return np.where(
        held > 0, np.bincount(classes, values, minlength=kinds) / np.maximum(held, 1), values.mean()
    )

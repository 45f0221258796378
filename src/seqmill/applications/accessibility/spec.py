"""Coverage of read ends from DNA: what an example is, and which parts the application has."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from seqmill.applications.application import Application, Network
from seqmill.errors import InputError
from seqmill.shards.schema import Column, Encoding

VERSION = 1
MOST_TRACKS = 127
SHIFTS = {"atac": (4, -4), "cuttag": (4, -4), "dnase": (0, 0), "chip": (0, 0), "cutrun": (0, 0)}
"""Assay -> bases from the outermost base of a forward and of a reverse read to the event it tells of.

Tn5 cuts both strands 9 bases apart: from the first base of either fragment the middle is 4 bases inward.
Counted from the half-open end of a fragment, as BED has it, the second is the -5 of the usual +4/-5."""


_NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, kw_only=True)
class Options:
    """How reads become counted ends, and the genome examples.

    Attributes
    ----------
    assay : str
        Sets the shifts, see `SHIFTS`.
    shift_forward, shift_reverse : int or None
        Bases from the outermost base of forward and reverse reads to where an end is counted; None takes the
        assay's.
    min_mapping_quality : int
        Reads below this phred value are not counted; files of fragments have none.
    min_fragment, max_fragment : int
        Lengths in bases outside which a fragment is not counted.
    drop_duplicates : bool
        Whether reads marked as duplicates, and fragments of a repeated span, count once.
    span, flank : int
        Bases of an example whose ends are learnt, and bases beside them on either side.
    window, stride : int
        Bases of a scored window, and from one window to the next.
    contig_coverage : bool
        Whether the coverage of a contig, relative to the typical one, is a known factor in training, as in a
        culture with an additional chromosome.
    tracks : tuple of str
        Conditions of samples that have an output of their own each, in the order of the outputs; samples of
        one condition share it. Without any, one output stands for all samples.
    """

    assay: Literal["atac", "cuttag", "dnase", "chip", "cutrun"] = "atac"
    shift_forward: int | None = None
    shift_reverse: int | None = None
    min_mapping_quality: int = field(default=10, metadata={"at_least": 0})
    min_fragment: int = field(default=1, metadata={"at_least": 1})
    max_fragment: int = field(default=2000, metadata={"at_least": 1})
    drop_duplicates: bool = True
    span: int = field(default=3000, metadata={"at_least": 1})
    flank: int = field(default=600, metadata={"at_least": 0})
    window: int = field(default=300, metadata={"at_least": 1})
    stride: int = field(default=150, metadata={"at_least": 1})
    contig_coverage: bool = True
    tracks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.span % self.stride or not self.stride <= self.window <= self.span:
            raise InputError(
                f"options.span, window, stride: found {self.span}, {self.window}, {self.stride}; want the "
                "span a multiple of the stride, and the window at least the stride and at most the span"
            )
        if self.flank < self.tail:
            raise InputError(
                f"options.flank: found {self.flank}, want at least window - stride = {self.tail}"
            )
        if self.min_fragment > self.max_fragment:
            raise InputError(
                f"options.min_fragment: found {self.min_fragment}, want at most max_fragment = "
                f"{self.max_fragment}"
            )
        for name in self.tracks:
            if not _NAME.fullmatch(name) or self.tracks.count(name) > 1:
                raise InputError(
                    f"options.tracks: found '{name}', want each name once, of letters, digits, '_' and '-'"
                )
        if len(self.tracks) > MOST_TRACKS:
            raise InputError(f"options.tracks: found {len(self.tracks)}, want at most {MOST_TRACKS}")

    @property
    def shifts(self) -> tuple[int, int]:
        """Shift of forward and of reverse reads in bases."""
        forward, reverse = SHIFTS[self.assay]
        return (
            forward if self.shift_forward is None else self.shift_forward,
            reverse if self.shift_reverse is None else self.shift_reverse,
        )

    @property
    def tail(self) -> int:
        """Bases that the last window of an example reaches beyond its span."""
        return self.window - self.stride

    @property
    def windows(self) -> int:
        """Scored windows of an example."""
        return self.span // self.stride

    @property
    def width(self) -> int:
        """Bases stored of an example."""
        return self.span + 2 * self.flank


def encoding(options: Options) -> Encoding:
    """Give the columns of the shards: relative coverage of the contig, base codes, ends at each base.

    Where there are tracks, the place of the example's own among them comes first.
    """
    told = asdict(options)
    tracks = told.pop("tracks")
    return Encoding(
        application="accessibility",
        version=VERSION,
        options=told | ({"tracks": list(tracks)} if tracks else {}),
        columns=(
            *([Column("track", "int8", label=True)] if tracks else ()),
            Column("coverage", "float32"),
            Column("sequence", "bases", size=options.width),
            Column("ends", "fixed", size=options.width),
        ),
    )


def options_from(given: Mapping[str, Any]) -> Options:
    """Give the example options that an encoding or a plan tells as plain values."""
    return Options(**{**given, "tracks": tuple(given.get("tracks", ()))})


_PACKAGE = "seqmill.applications.accessibility"

APPLICATION = Application(
    name="accessibility",
    title="Coverage of read ends from DNA",
    options=Options,
    encoding=encoding,
    label="",
    classes=(),
    files={"mask": "examples", "transcripts": "evaluate"},
    reads=("alignments", "fragments"),
    networks={
        "dilated_cnn": Network(
            build=f"{_PACKAGE}.networks:dilated_cnn",
            options=f"{_PACKAGE}.options:DilatedCNNOptions",
            kind="CNN",
        ),
        "conv_gru": Network(
            build=f"{_PACKAGE}.networks:conv_gru",
            options=f"{_PACKAGE}.options:ConvGRUOptions",
            kind="RNN",
        ),
        "conv_attention": Network(
            build=f"{_PACKAGE}.networks:conv_attention",
            options=f"{_PACKAGE}.options:ConvAttentionOptions",
            kind="attention",
        ),
    },
    augmentation=f"{_PACKAGE}.options:Augmentation",
    examples=f"{_PACKAGE}.examples:examples",
    task=f"{_PACKAGE}.task:build_task",
    evaluate=f"{_PACKAGE}.evaluate:evaluate",
    predict=f"{_PACKAGE}.predict:predict",
    predicts="sequence",
    prediction=(".bw",),
    tracks=lambda options: options.tracks,
    sequence=f"{_PACKAGE}.sequence:sequence_function",
    baselines={
        "gc": f"{_PACKAGE}.composition:gc",
        "kmer_ridge": f"{_PACKAGE}.composition:kmer_ridge",
        "tss_distance": f"{_PACKAGE}.promoters:tss_distance",
        "pseudo_replicate": f"{_PACKAGE}.replicates:pseudo_replicate",
        "shuffled": f"{_PACKAGE}.replicates:shuffled",
    },
    bounds=("pseudo_replicate", "shuffled"),
)

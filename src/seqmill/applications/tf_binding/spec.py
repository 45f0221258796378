"""Binding of transcription factors from DNA: what an example is, and which parts the application has."""

import re
from dataclasses import asdict, dataclass, field
from typing import Literal

from seqmill.applications.application import Application, Network
from seqmill.errors import InputError
from seqmill.shards.schema import Column, Encoding

VERSION = 1

BOUND, UNBOUND, UNKNOWN = 1, 0, 255
"""Values of the column ``bound``, a byte for each factor."""

PEAK, SHUFFLED, GC_MATCHED = "peak", "shuffled", "gc_matched"
"""Values of the column ``kind``: where an example comes from."""

_NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, kw_only=True)
class Options:
    """How peaks become windows, and with which negatives.

    Attributes
    ----------
    factors : tuple of str
        The factors, in the order of the outputs.
    window : int
        Bases of an example, around the summit of a peak, or its middle where no summit is told.
    shuffled : int
        For each window with a peak so many shuffles of it, which keep its pairs of neighbouring bases.
    gc_matched : int
        For each window with a peak so many windows of the genome without one, of the same GC content.
    max_unknown : float
        Largest share of a window's bases that may be other than ACGT.
    places : str
        Where it is seen which peaks overlap: on the ``reference``, or where the ``name`` of each peak says,
        as ``chr1:100-200``, when the reference is packed of sequences that lay side by side on another.

    Raises
    ------
    InputError
        When a factor's name is unsuitable or occurs twice.
    """

    factors: tuple[str, ...]
    window: int = field(default=200, metadata={"at_least": 10})
    shuffled: int = field(default=1, metadata={"at_least": 0})
    gc_matched: int = field(default=1, metadata={"at_least": 0})
    max_unknown: float = field(default=0.1, metadata={"at_least": 0, "below": 1})
    places: Literal["reference", "name"] = "reference"

    def __post_init__(self) -> None:
        if not self.factors:
            raise InputError("options.factors: found none, want the names of the factors, such as [CTCF]")
        for name in self.factors:
            if not _NAME.fullmatch(name) or list(self.factors).count(name) > 1:
                raise InputError(
                    f"options.factors: found '{name}', want each name once, of letters, digits, '_' and '-'"
                )


def encoding(options: Options) -> Encoding:
    """Give the columns of the shards: what the example is, which factors bind, base codes."""
    return Encoding(
        application="tf_binding",
        version=VERSION,
        options=asdict(options) | {"factors": list(options.factors)},
        columns=(
            Column("kind", "string"),
            Column("bound", "fixed", size=len(options.factors)),
            Column("sequence", "bases", size=options.window),
        ),
    )


def options_of(encoded: Encoding) -> Options:
    """Give the example options of an encoding."""
    given = encoded.options
    return Options(**given | {"factors": tuple(given["factors"])})


_PACKAGE = "seqmill.applications.tf_binding"

APPLICATION = Application(
    name="tf_binding",
    title="Binding of transcription factors from DNA",
    options=Options,
    encoding=encoding,
    label="",
    classes=(),
    files={"mask": "examples", "motifs": "evaluate"},
    reads=("alignments", "regions"),
    peaks_of="factors",
    networks={
        "binding_cnn": Network(
            build=f"{_PACKAGE}.networks:binding_cnn", options=f"{_PACKAGE}.options:SiteCNNOptions", kind="CNN"
        ),
        "binding_gru": Network(
            build=f"{_PACKAGE}.networks:binding_gru", options=f"{_PACKAGE}.options:SiteGRUOptions", kind="RNN"
        ),
    },
    augmentation=f"{_PACKAGE}.options:Augmentation",
    examples=f"{_PACKAGE}.examples:examples",
    task=f"{_PACKAGE}.task:build_task",
    evaluate=f"{_PACKAGE}.evaluate:evaluate",
    predict=f"{_PACKAGE}.predict:predict",
    predicts="sequence",
    prediction=(".tsv.gz", ".tsv.gz.tbi"),
    sequence=f"{_PACKAGE}.sequence:sequence_function",
    baselines={
        "gc": f"{_PACKAGE}.composition:gc",
        "kmer_ridge": f"{_PACKAGE}.composition:kmer_ridge",
        "motif_score": f"{_PACKAGE}.motif_score:motif_score",
    },
)

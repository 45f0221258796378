"""Splice sites from DNA: what an example is, and which parts the application has."""

from dataclasses import asdict, dataclass, field
from typing import Literal

from seqmill.applications.application import Application, Network
from seqmill.errors import InputError
from seqmill.shards.schema import Column, Encoding

VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Options:
    """How reads, an annotation or labelled windows become labelled bases.

    Attributes
    ----------
    context : int
        Bases that are stored beside the labelled ones, half of them on either side; even.
    span : int
        Bases of an example that are labelled.
    evidence : str
        What makes a base of a gene a site: ``reads`` that cross the junction, the ``annotation``, or
        ``either``. A base that only the other one calls a site has no label.
    min_unique : int
        Fragments that align to one place alone and cross a junction, from which on it counts. The ends of
        junctions with fewer have no label.
    anchor : int
        Aligned bases that a read must have on both sides of a junction.
    min_intron, max_intron : int
        Bases of an intron, both included.
    library : str
        Which strand reads tell: ``unstranded`` (tags and motifs tell it), ``forward`` or ``reverse``.
    exon : int
        Bases beside an intron that are taken for its gene where there is no annotation.
    """

    context: int = field(default=80, metadata={"at_least": 2})
    span: int = field(default=400, metadata={"at_least": 1})
    evidence: Literal["reads", "annotation", "either"] = "reads"
    min_unique: int = field(default=2, metadata={"at_least": 1})
    anchor: int = field(default=8, metadata={"at_least": 1})
    min_intron: int = field(default=20, metadata={"at_least": 2})
    max_intron: int = field(default=500_000, metadata={"at_least": 2})
    library: Literal["unstranded", "forward", "reverse"] = "unstranded"
    exon: int = field(default=100, metadata={"at_least": 0})

    def __post_init__(self) -> None:
        if self.context % 2:
            raise InputError(
                f"options.context: found {self.context}, want an even number, half on either side"
            )
        if self.min_intron > self.max_intron:
            raise InputError(
                f"options.min_intron: found {self.min_intron}, want at most max_intron = {self.max_intron}"
            )

    @property
    def flank(self) -> int:
        """Bases stored on either side of the labelled ones."""
        return self.context // 2

    @property
    def width(self) -> int:
        """Bases stored of an example."""
        return self.span + self.context


def encoding(options: Options) -> Encoding:
    """Give the columns of the shards: strand, base codes and a label for each base of the span.

    Sequence and labels run as the strand does: those of the reverse strand are its own bases.
    """
    return Encoding(
        application="splicing",
        version=VERSION,
        options=asdict(options),
        columns=(
            Column("strand", "int8"),
            Column("sequence", "bases", size=options.width),
            Column("sites", "fixed", size=options.span),
        ),
    )


_PACKAGE = "seqmill.applications.splicing"

APPLICATION = Application(
    name="splicing",
    title="Splice sites from DNA",
    options=Options,
    encoding=encoding,
    label="",
    classes=(),
    files={"annotation": "examples"},
    reads=("alignments", "regions"),
    networks={
        "splice_cnn": Network(
            build=f"{_PACKAGE}.networks:splice_cnn",
            options=f"{_PACKAGE}.options:SiteCNNOptions",
            kind="CNN",
        ),
        "splice_gru": Network(
            build=f"{_PACKAGE}.networks:splice_gru",
            options=f"{_PACKAGE}.options:SiteGRUOptions",
            kind="RNN",
        ),
    },
    augmentation=f"{_PACKAGE}.options:Augmentation",
    examples=f"{_PACKAGE}.examples:examples",
    task=f"{_PACKAGE}.task:build_task",
    evaluate=f"{_PACKAGE}.evaluate:evaluate",
    predict=f"{_PACKAGE}.predict:predict",
    predicts="sequence",
    prediction=(".tsv",),
    sequence=f"{_PACKAGE}.sequence:sequence_function",
    baselines={
        "gt_ag": f"{_PACKAGE}.baselines:gt_ag",
        "pwm": f"{_PACKAGE}.baselines:pwm",
        "wam": f"{_PACKAGE}.baselines:wam",
    },
)

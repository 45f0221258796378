"""Masked bases: what an example is, and which parts the application has."""

from dataclasses import asdict, dataclass, field

from seqmill.applications.application import Application, Network
from seqmill.shards.schema import Column, Encoding

VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Options:
    """How regions become examples.

    Attributes
    ----------
    span, flank : int
        Bases of an example that may be masked, and bases beside them on either side that are only read.
    """

    span: int = field(default=3000, metadata={"at_least": 1})
    flank: int = field(default=600, metadata={"at_least": 6})

    @property
    def width(self) -> int:
        """Bases stored of an example."""
        return self.span + 2 * self.flank


def encoding(options: Options) -> Encoding:
    """Give the columns of the shards: base codes."""
    return Encoding(
        application="masked_bases",
        version=VERSION,
        options=asdict(options),
        columns=(Column("sequence", "bases", size=options.width),),
    )


_PACKAGE = "seqmill.applications.masked_bases"

APPLICATION = Application(
    name="masked_bases",
    title="Masked bases from the bases around them",
    options=Options,
    encoding=encoding,
    label="",
    classes=(),
    reads=("regions",),
    networks={
        "masked_cnn": Network(
            build=f"{_PACKAGE}.networks:masked_cnn",
            options=f"{_PACKAGE}.options:MaskedCNNOptions",
            kind="CNN",
        ),
    },
    augmentation=f"{_PACKAGE}.options:Augmentation",
    examples=f"{_PACKAGE}.examples:examples",
    task=f"{_PACKAGE}.task:build_task",
    evaluate=f"{_PACKAGE}.evaluate:evaluate",
    predict=f"{_PACKAGE}.predict:predict",
    predicts="sequence",
    prediction=(".bw",),
    baselines={
        "composition": f"{_PACKAGE}.markov:composition",
        "markov": f"{_PACKAGE}.markov:markov",
    },
)

"""Expression from DNA: what an example is, and which parts the application has."""

from dataclasses import asdict, dataclass, field
from typing import Literal

from seqmill.applications.application import Application, Network
from seqmill.errors import InputError
from seqmill.shards.schema import Column, Encoding

VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Options:
    """How reads become levels of genes, and which DNA is read.

    Attributes
    ----------
    upstream, downstream : int
        Bases of an example before the first transcribed base, and from it on.
    library : str
        Strand of the reads: ``forward`` where the first read of a fragment lies on the transcript's strand,
        ``reverse`` where it lies on the other (dUTP protocols), ``unstranded`` where it tells nothing.
    min_mapping_quality : int
        Fragments with a read below this phred value count for no gene.
    biotypes : tuple of str
        Kinds of genes that become examples, as the annotation calls them; empty takes all. All are counted.
    group : str
        Column of the table of regions by whose values results are told apart, such as the species.
    """

    upstream: int = field(default=500, metadata={"at_least": 0})
    downstream: int = field(default=100, metadata={"at_least": 0})
    library: Literal["unstranded", "forward", "reverse"] = "unstranded"
    min_mapping_quality: int = field(default=10, metadata={"at_least": 0})
    biotypes: tuple[str, ...] = ()
    group: str = ""

    def __post_init__(self) -> None:
        if not self.width:
            raise InputError("options.upstream, downstream: found 0 and 0; want at least one base together")

    @property
    def width(self) -> int:
        """Bases of an example."""
        return self.upstream + self.downstream


def encoding(options: Options) -> Encoding:
    """Give the columns of the shards: level, strand, names, and base codes in reading direction."""
    return Encoding(
        application="expression",
        version=VERSION,
        options=asdict(options),
        columns=(
            Column("level", "float32"),
            Column("strand", "int8"),
            Column("name", "string"),
            Column("group", "string"),
            Column("sequence", "bases", size=options.width),
        ),
    )


_PACKAGE = "seqmill.applications.expression"

APPLICATION = Application(
    name="expression",
    title="Expression from DNA",
    options=Options,
    encoding=encoding,
    label="",
    classes=(),
    files={"annotation": "examples"},
    reads=("alignments", "regions"),
    networks={
        "promoter_cnn": Network(
            build=f"{_PACKAGE}.networks:promoter_cnn",
            options="seqmill.models.windows:WindowCNNOptions",
            kind="CNN",
        ),
        "promoter_gru": Network(
            build=f"{_PACKAGE}.networks:promoter_gru",
            options="seqmill.models.windows:WindowGRUOptions",
            kind="RNN",
        ),
    },
    augmentation=f"{_PACKAGE}.options:Augmentation",
    examples=f"{_PACKAGE}.examples:examples",
    task=f"{_PACKAGE}.task:build_task",
    evaluate=f"{_PACKAGE}.evaluate:evaluate",
    predict=f"{_PACKAGE}.predict:predict",
    predicts="sequence",
    predicted="annotation",
    prediction=(".tsv",),
    sequence=f"{_PACKAGE}.sequence:sequence_function",
    baselines={
        "gc": f"{_PACKAGE}.composition:gc",
        "kmer_ridge": f"{_PACKAGE}.composition:kmer_ridge",
        "positional_ridge": f"{_PACKAGE}.composition:positional_ridge",
    },
)

"""Small variants from pileups: what an example is, and which parts the application has."""

from dataclasses import asdict, dataclass

from seqmill.applications.application import Application, Network
from seqmill.errors import InputError
from seqmill.shards.schema import Column, Encoding

SCALARS = 8  # bytes behind the cells of each row
ALLELE_FRACTIONS = (0.01, 0.03, 0.07, 0.12, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97)
"""Fractions of alternative reads whose likelihood is a feature."""
VERSION = 4


@dataclass(frozen=True, kw_only=True)
class Options:
    """How candidates are found and encoded.

    Attributes
    ----------
    rows : int
        Reads kept in a pileup; above this a seeded sample of the reads.
    columns : int
        Reference positions in a pileup, odd; the candidate lies in the middle.
    min_mapping_quality, min_base_quality : int
        Reads and bases below these phred values are not looked at.
    min_support, min_fraction : int, float
        A candidate needs this many reads and this share of the reads over it.
    single_read_depth, single_read_quality : int
        Where at most this many reads lie, one base of this phred quality is enough.
    max_indel : int
        Longest indel in bases.
    train_reference_fraction : float
        Share of the training examples without the allele that is kept; their weight makes up for it.
    """

    rows: int = 48
    columns: int = 41
    min_mapping_quality: int = 5
    min_base_quality: int = 10
    min_support: int = 2
    min_fraction: float = 0.08
    single_read_depth: int = 12
    single_read_quality: int = 20
    max_indel: int = 50
    train_reference_fraction: float = 1.0

    def __post_init__(self) -> None:
        if self.columns % 2 == 0 or self.columns < 3:
            raise InputError(f"options.columns: found {self.columns}, want an odd number of at least 3")
        if not 1 <= self.rows <= 255:
            raise InputError(f"options.rows: found {self.rows}, want 1 to 255")
        if not 0 < self.train_reference_fraction <= 1:
            raise InputError(
                f"options.train_reference_fraction: found {self.train_reference_fraction}, "
                "want more than 0 and at most 1"
            )

    @property
    def row_bytes(self) -> int:
        """Bytes of one pileup row."""
        return self.columns + SCALARS


def encoding(options: Options) -> Encoding:
    """Give the columns of the shards: label, alleles, counts and the pileup payload."""
    return Encoding(
        application="small_variants",
        version=VERSION,
        options=asdict(options),
        columns=(
            Column("copies", "int8", label=True),
            Column("ref", "string"),
            Column("alt", "string"),
            Column("depth", "string"),
            Column("reads", "int32"),
            Column("support", "int32"),
            Column(
                "pileup",
                "cells",
                max_bytes=(options.rows + 1) * options.row_bytes,
                size=options.columns,
                plain=SCALARS,
            ),
        ),
    )


_PACKAGE = "seqmill.applications.small_variants"

APPLICATION = Application(
    name="small_variants",
    title="SNPs and short indels from read pileups",
    options=Options,
    encoding=encoding,
    label="copies",
    classes=("0", "1", "2"),
    networks={
        "pileup_cnn": Network(
            build=f"{_PACKAGE}.networks:PileupCNN",
            options=f"{_PACKAGE}.options:PileupCNNOptions",
            kind="CNN",
        ),
        "pileup_gru": Network(
            build=f"{_PACKAGE}.networks:PileupGRU",
            options=f"{_PACKAGE}.options:PileupGRUOptions",
            kind="RNN",
        ),
        "scalars": Network(
            build=f"{_PACKAGE}.networks:Scalars", options=f"{_PACKAGE}.options:ScalarsOptions", kind="MLP"
        ),
    },
    augmentation=f"{_PACKAGE}.options:Augmentation",
    examples=f"{_PACKAGE}.examples:examples",
    task=f"{_PACKAGE}.task:build_task",
    evaluate=f"{_PACKAGE}.evaluate:evaluate",
    predict=f"{_PACKAGE}.predict:predict",
    prediction=(".vcf.gz", ".vcf.gz.tbi"),
    labels=("truth", "confident"),
    thins=True,
    exports=("calls.vcf.gz",),
    baselines={
        "bcftools": f"{_PACKAGE}.classical:bcftools",
        "freebayes": f"{_PACKAGE}.classical:freebayes",
        "allele_fraction": f"{_PACKAGE}.trivial:allele_fraction",
        "every_candidate": f"{_PACKAGE}.trivial:every_candidate",
    },
)

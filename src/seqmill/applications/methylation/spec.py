"""Methylation of single sites from DNA: what an example is, and which parts the application has."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from seqmill.applications.application import Application, Network
from seqmill.errors import InputError, nearest
from seqmill.reads.marks import MARKS
from seqmill.shards.schema import Column, Encoding

VERSION = 1

CONTEXTS = ("CpG", "CHG", "CHH")
"""Contexts of a cytosine: by the two bases behind it, H being any base but G."""

MODIFIED = 0.5
"""Level from which a site counts as modified."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Which sites become examples, and how reads become their levels.

    Attributes
    ----------
    source : str
        What reads carry: ``modified``, the tags MM and ML, or ``bisulfite``, Bismark's tag XM.
    marks : tuple of str
        Modifications, an output each, of `seqmill.reads.marks.MARKS`; bisulfite knows 5mC alone.
    contexts : tuple of str
        Cytosines of these contexts are sites; other bases are sites anywhere.
    window : int
        Bases around and with the site, odd.
    labels : str
        ``probability``: a site's level is the mean probability of its calls; ``calls``: the share of calls
        that reach the threshold.
    threshold : float
        Probability from which a call counts as modified; read with ``calls`` alone.
    min_coverage : int
        Calls that a level needs.
    max_weight : int
        Coverage beyond which an example weighs no more.
    share : float
        Share of the sites that become examples, drawn by their place alone.
    min_mapping_quality : int
        Reads below this phred value are not counted.
    """

    source: Literal["modified", "bisulfite"] = "modified"
    marks: tuple[str, ...] = ("5mC",)
    contexts: tuple[str, ...] = CONTEXTS
    window: int = field(default=101, metadata={"at_least": 3})
    labels: Literal["probability", "calls"] = "probability"
    threshold: float = field(default=0.5, metadata={"above": 0, "at_most": 1})
    min_coverage: int = field(default=5, metadata={"at_least": 1})
    max_weight: int = field(default=50, metadata={"at_least": 1})
    share: float = field(default=1.0, metadata={"above": 0, "at_most": 1})
    min_mapping_quality: int = field(default=10, metadata={"at_least": 0})

    def __post_init__(self) -> None:
        _check_names("marks", self.marks, tuple(MARKS))
        _check_names("contexts", self.contexts, CONTEXTS)
        if self.window % 2 == 0:
            raise InputError(
                f"options.window: found {self.window}, want an odd number, so that the site is in the middle"
            )
        if self.source == "bisulfite" and self.marks != ("5mC",):
            raise InputError(
                f"options.marks: found {', '.join(self.marks)}, want 5mC alone: bisulfite conversion tells "
                "5mC and 5hmC from C but not from each other, and nothing of adenines"
            )

    @property
    def half(self) -> int:
        """Bases on either side of the site."""
        return self.window // 2

    @property
    def bases(self) -> tuple[str, ...]:
        """Bases that carry any of the marks."""
        return tuple(dict.fromkeys(MARKS[mark].base for mark in self.marks))


def _check_names(key: str, given: tuple[str, ...], known: tuple[str, ...]) -> None:
    for name in given:
        if name not in known:
            raise InputError(
                f"options.{key}: found '{name}'{nearest(name, known)}, want some of {', '.join(known)}"
            )
    if not given or len(set(given)) < len(given):
        raise InputError(f"options.{key}: found {list(given)}, want at least one of them, and each once")


def options_of(plain: Mapping[str, Any]) -> Options:
    """Build the options from what a dataset plan or an encoding holds, whose lists are tuples here."""
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()}
    return Options(**given)


def encoding(options: Options) -> Encoding:
    """Give the columns of the shards: strand, level and coverage of each mark, and the bases as read.

    The strand is ``+`` or ``-``, and the window is read on it. Where a mark is not known its level and
    coverage are 0.
    """
    given = asdict(options)
    return Encoding(
        application="methylation",
        version=VERSION,
        options={name: list(value) if isinstance(value, tuple) else value for name, value in given.items()},
        columns=(
            Column("strand", "string"),
            *(Column(f"level_{mark}", "float32") for mark in options.marks),
            *(Column(f"coverage_{mark}", "float32") for mark in options.marks),
            Column("sequence", "bases", size=options.window),
        ),
    )


_PACKAGE = "seqmill.applications.methylation"

APPLICATION = Application(
    name="methylation",
    title="Methylation of sites from DNA",
    options=Options,
    encoding=encoding,
    label="",
    classes=(),
    files={"levels": "evaluate"},
    networks={
        "methylation_cnn": Network(
            build=f"{_PACKAGE}.networks:methylation_cnn",
            options="seqmill.models.windows:WindowCNNOptions",
            kind="CNN",
        ),
        "methylation_gru": Network(
            build=f"{_PACKAGE}.networks:methylation_gru",
            options="seqmill.models.windows:WindowGRUOptions",
            kind="RNN",
        ),
    },
    augmentation=f"{_PACKAGE}.augmentation:Augmentation",
    examples=f"{_PACKAGE}.examples:examples",
    task=f"{_PACKAGE}.task:build_task",
    evaluate=f"{_PACKAGE}.evaluate:evaluate",
    predict=f"{_PACKAGE}.predict:predict",
    predicts="sequence",
    prediction=(".bed.gz", ".bed.gz.tbi"),
    sequence=f"{_PACKAGE}.sequence:sequence_function",
    baselines={
        "gc": f"{_PACKAGE}.baselines:gc",
        "context": f"{_PACKAGE}.baselines:context",
        "kmer_logistic": f"{_PACKAGE}.baselines:kmer_logistic",
        "position_logistic": f"{_PACKAGE}.baselines:position_logistic",
        "reads": f"{_PACKAGE}.baselines:reads",
    },
    bounds=("reads",),
)

"""The plan of a packing: read from YAML, checked as a whole before anything is written."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seqmill.errors import ConfigErrors
from seqmill.files import read_plan
from seqmill.typed import build

_FASTA = (".fa", ".fasta", ".fna")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")


@dataclass(frozen=True, kw_only=True)
class ContigRule:
    """Which contig a sequence comes to lie on.

    Attributes
    ----------
    pattern : str
        Regular expression that is searched in the name; its first group is the contig. Or:
    folds : int
        The sequences are divided among so many contigs, named by `prefix` and a number from 0.
    similar : float
        Sequences that share this part of their k-mers, directly or over others, lie on one contig; 0 looks
        at no likeness.
    prefix : str
        Begins the name of a fold's contig.
    """

    pattern: str = ""
    folds: int = field(default=0, metadata={"at_least": 0})
    similar: float = field(default=0.5, metadata={"at_least": 0, "at_most": 1})
    prefix: str = "fold_"

    def __post_init__(self) -> None:
        if bool(self.pattern) == bool(self.folds):
            raise ValueError("pattern, folds: want one of them")
        try:
            groups = re.compile(self.pattern).groups
        except re.error as error:
            raise ValueError(f"pattern: found {self.pattern!r}, no regular expression: {error}") from None
        if self.pattern and not groups:
            raise ValueError(f"pattern: found {self.pattern!r}, want a group in brackets: the contig's name")


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file of sequences.

    Attributes
    ----------
    sample : str
        Whose table of regions its rows go to.
    path : str
        FASTA, by its ending, or a tab-separated table whose first line names its columns; may be gzipped.
    contigs : ContigRule
        Which contig a sequence comes to lie on.
    sequence, name : str
        Columns of a table; a FASTA has its headers' first words for names.
    columns : dict
        Column of the regions -> column of the table.
    values : dict
        Column of the regions -> what it holds for every sequence of the source.
    """

    sample: str
    path: str
    contigs: ContigRule
    sequence: str = "sequence"
    name: str = "name"
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.is_fasta and self.columns:
            raise ValueError("columns: a FASTA has none; give values, or a table")
        if not _NAME.match(self.sample):
            raise ValueError(f"sample: found {self.sample!r}, want letters, digits, '_' and '-'")

    @property
    def is_fasta(self) -> bool:
        """Whether the file is a FASTA."""
        return Path(self.path.removesuffix(".gz")).suffix in _FASTA


@dataclass(frozen=True, kw_only=True)
class PackPlan:
    """What is packed.

    Attributes
    ----------
    sources : list of Source
        Where the sequences come from.
    spacer : int
        Unknown bases before, between and behind the sequences of a contig.
    """

    sources: list[Source]
    spacer: int = field(default=100, metadata={"at_least": 0})

    def __post_init__(self) -> None:
        if not self.sources:
            raise ValueError("sources: found none, want at least one")

    @property
    def samples(self) -> tuple[str, ...]:
        """Names of the samples, in order."""
        return tuple(dict.fromkeys(source.sample for source in self.sources))


def load_pack_plan(path: str | os.PathLike[str]) -> PackPlan:
    """Read and check a plan; variables of the environment in paths are filled in.

    Raises
    ------
    InputError
        When there is no such file, or it is no YAML.
    ConfigErrors
        With every mistake at once: unknown keys, wrong types, files that are not there.
    """
    source = Path(path)
    content = read_plan(source)
    problems: list[str] = []
    _fill_paths(content)
    plan = build(PackPlan, content, path="", problems=problems)
    if plan is not None:
        problems.extend(_missing(plan))
    if problems:
        raise ConfigErrors(str(source), problems)
    return plan


def _fill_paths(content: Any) -> None:
    sources = content.get("sources") if isinstance(content, Mapping) else None
    for one in sources if isinstance(sources, list) else ():
        if isinstance(one, dict) and isinstance(one.get("path"), str):
            one["path"] = os.path.expandvars(one["path"])


def _missing(plan: PackPlan) -> Iterator[str]:
    for number, source in enumerate(plan.sources):
        if "$" in source.path:
            yield f"sources[{number}].path: {source.path} names an environment variable that is not set"
        elif not Path(source.path).is_file():
            yield f"sources[{number}].path: {source.path}: no such file"

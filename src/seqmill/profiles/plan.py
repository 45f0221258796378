"""The plan of profiles: read from YAML, checked as a whole before anything is read or written."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from seqmill.errors import ConfigErrors, InputError, nearest
from seqmill.files import read_plan
from seqmill.profiles.asked import GeneratedCohort, RelativesCheck
from seqmill.profiles.paths import files_of
from seqmill.profiles.sheets import read_sheet
from seqmill.profiles.sources import SOURCES, TEXTS
from seqmill.typed import build

TABLES = ("profiles", "molecules")
"""The tables that rows point into, and the keys of the plan that describe them."""

_FILE_KEYS = {"path", *(key for source in SOURCES.values() for key in source.file_options)}

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


def _check_source(found: str, known: Mapping[str, Any]) -> None:
    if found not in known:
        choices = ", ".join(known)
        raise ValueError(f"source: found {found!r}{nearest(found, known)}, want one of {choices}")


@dataclass(frozen=True, kw_only=True)
class BlockPlan:
    """Features of one kind, such as expression.

    Attributes
    ----------
    path : str
        The file that they are read from; a pattern such as ``part_*.tsv`` names several, one below the other.
    source : str
        What reads it, one of `seqmill.profiles.sources.SOURCES`.
    id : str
        Column of the file that names the row; that of the table unless given. ``@row`` is file and number of
        the row, for files without names, and ``@file`` the file alone.
    dtype : str
        Of what a table gives: ``float32``; ``int8`` for dosages, where -1 is a missing call; ``uint8`` for
        bits and counts, of which none may be missing and which are not standardised.
    options : dict
        Options of the source.
    """

    path: str
    source: str = "table"
    id: str = ""
    dtype: Literal["float32", "int8", "uint8"] = "float32"
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_source(self.source, SOURCES)

    @property
    def files(self) -> dict[str, str]:
        """Key -> file that the block is read from, besides those that a table names for each person."""
        named = SOURCES[self.source].file_options
        held = {f"options.{key}": self.options[key] for key in named if self.options.get(key)}
        return {"path": self.path} | held


@dataclass(frozen=True, kw_only=True)
class TextPlan:
    """A word for each row of a table, such as its SMILES, its scaffold or its family.

    Attributes
    ----------
    path, column : str
        File and column that it is read from.
    source : str
        What is made of it, one of `seqmill.profiles.sources.TEXTS`: the cell as it stands (``column``), or
        of the molecule that it describes the ``scaffold`` or the ``canonical`` SMILES.
    id : str
        Column of the file that names the row; that of the table unless given.
    """

    path: str
    column: str
    source: str = "column"
    id: str = ""

    def __post_init__(self) -> None:
        _check_source(self.source, TEXTS)


@dataclass(frozen=True, kw_only=True)
class TablePlan:
    """A table: one row for each person, cell line or molecule that any block has.

    Attributes
    ----------
    id : str
        Column by which the files name a row.
    blocks : dict
        Name -> `BlockPlan`, at least one.
    texts : dict
        Name -> `TextPlan`.
    """

    id: str
    blocks: dict[str, BlockPlan]
    texts: dict[str, TextPlan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.blocks:
            raise ValueError("blocks: found none, want at least one")
        for name in (*self.blocks, *self.texts):
            if not _NAME.match(name):
                raise ValueError(f"{name}: want a name of letters, digits and '_'")

    @property
    def parts(self) -> dict[str, BlockPlan | TextPlan]:
        """All that is read from files, by key."""
        blocks: dict[str, BlockPlan | TextPlan] = {f"blocks.{name}": one for name, one in self.blocks.items()}
        return blocks | {f"texts.{name}": one for name, one in self.texts.items()}

    def all_files(self, block: BlockPlan) -> list[str]:
        """All files that a block is read from.

        Raises
        ------
        InputError
            When a table that names them cannot be read.
        """
        column = block.options.get("files")
        named = column and Path(block.path).is_file()  # one that is still to be generated names none
        each = read_sheet(block.path, block.id or self.id, column) if named else {}
        return [*block.files.values(), *each.values()]


@dataclass(frozen=True, kw_only=True)
class RowPlan:
    """A file of labelled rows.

    Attributes
    ----------
    sample : str
        Sample of the sheet that the rows belong to: a cohort or a screen.
    path : str
        Parquet, or text separated by tabs or commas, by its ending.
    labels : dict
        Label -> column of numbers; an empty cell is a missing label.
    profile, molecule : str
        Columns that name the row of the table; empty where rows have none.
    repeats : str
        What becomes of rows about the same profile and molecule that disagree: ``refuse``, or ``mean``: they
        become one, with the means of the labels that are there, in the place of the first.
    """

    sample: str
    path: str
    labels: dict[str, str]
    profile: str = ""
    molecule: str = ""
    repeats: Literal["refuse", "mean"] = "refuse"

    def __post_init__(self) -> None:
        if not self.labels:
            raise ValueError("labels: found none, want at least one")
        if not (self.profile or self.molecule):
            raise ValueError("profile, molecule: found neither, want at least one")


@dataclass(frozen=True, kw_only=True)
class GivenFolds:
    """Folds that a column of the rows names, such as a test set that is given.

    Attributes
    ----------
    column : str
        Column of the rows' files.
    values : tuple of str
        Each is a fold of its own; rows with another value are dealt to folds as all others.
    """

    column: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        for value in self.values:
            if not re.fullmatch(r"[A-Za-z0-9_.-]+", value) or value.isdecimal():
                raise ValueError(
                    f"values: found {value!r}, want letters, digits, '_', '.', '-', and no number"
                )
        if not self.values or len(set(self.values)) < len(self.values):
            raise ValueError(f"values: found {list(self.values)}, want at least one, each once")


@dataclass(frozen=True, kw_only=True)
class ProfilesPlan:
    """What a dataset of profiles is made of; without rows and folds, new rows to be predicted.

    Attributes
    ----------
    rows : list of RowPlan
        Labelled rows.
    folds : dict
        Kind of fold -> what its groups are: parts out of ``profile``, ``molecule``, ``profile.TEXT``,
        ``molecule.TEXT`` and ``row.COLUMN``. Rows of one group lie in one fold.
    profiles, molecules : TablePlan, optional
        The tables that rows point into.
    given : dict
        Kind of fold -> `GivenFolds`, which it has beside those that are dealt.
    fold_count : int
        Folds of each kind that are dealt.
    key : str
        Key of the hash that deals groups to folds; another one deals anew.
    relatives : RelativesCheck, optional
        Refuses relatives in several folds.
    generated : GeneratedCohort, optional
        The generated cohort that the files are of.
    """

    rows: list[RowPlan] = field(default_factory=list)
    folds: dict[str, list[str]] = field(default_factory=dict)
    profiles: TablePlan | None = None
    molecules: TablePlan | None = None
    given: dict[str, GivenFolds] = field(default_factory=dict)
    fold_count: int = field(default=10, metadata={"at_least": 3})
    key: str = ""
    relatives: RelativesCheck | None = None
    generated: GeneratedCohort | None = None

    def __post_init__(self) -> None:
        if bool(self.rows) != bool(self.folds):
            raise ValueError(
                "rows, folds: found an empty one, want at least one of each, or neither for tables alone"
            )
        if not self.tables:
            raise ValueError("profiles, molecules: found neither, want at least one")
        for row in self.rows:
            for name in TABLES:
                if getattr(row, name.removesuffix("s")) and getattr(self, name) is None:
                    raise ValueError(f"{name}: not given, but rows of {row.sample} name one")
        for kind, parts in self.folds.items():
            if not _NAME.match(kind):
                raise ValueError(f"folds.{kind}: want a name of letters, digits and '_'")
            for part in parts:
                self._check_part(kind, part)
        for kind in self.given:
            if kind not in self.folds:
                raise ValueError(f"given.{kind}: no such kind of fold{nearest(kind, self.folds)}")
        if len(self.contigs) < sum(len(self.fold_names(kind)) for kind in self.folds):
            raise ValueError("folds, given: two folds would have one name; rename a kind")
        if self.relatives is not None:
            self._check_relatives(self.relatives)

    def _check_relatives(self, asked: RelativesCheck) -> None:
        blocks = self.profiles.blocks if self.profiles else {}
        if asked.block not in blocks or blocks[asked.block].dtype != "int8":
            whole = [name for name, block in blocks.items() if block.dtype == "int8"]
            choices = ", ".join(whole) or "none"
            raise ValueError(
                f"relatives.block: found '{asked.block}', want a block of int8 dosages: {choices}"
            )
        for kind in asked.folds:
            if kind not in self.folds:
                raise ValueError(f"relatives.folds: no such kind '{kind}'{nearest(kind, self.folds)}")

    def _check_part(self, kind: str, part: str) -> None:
        table, _, text = part.partition(".")
        if table == "row" and text:
            return
        known = {name.removesuffix("s"): plan for name, plan in self.tables.items()}
        words = [f"{name}.{text}" for name, plan in known.items() for text in plan.texts]
        choices = [*known, *words, "row.COLUMN"]
        if part not in choices:
            raise ValueError(f"folds.{kind}: found {part!r}, want parts out of {', '.join(choices)}")

    @property
    def tables(self) -> dict[str, TablePlan]:
        """The tables by name."""
        return {name: plan for name in TABLES if (plan := getattr(self, name)) is not None}

    @property
    def samples(self) -> tuple[str, ...]:
        """Names of the samples, in order."""
        return tuple(dict.fromkeys(row.sample for row in self.rows))

    @property
    def paths(self) -> tuple[str, ...]:
        """All files that are read."""
        parts = [
            path
            for plan in self.tables.values()
            for one in plan.parts.values()
            for path in (plan.all_files(one) if isinstance(one, BlockPlan) else [one.path])
        ]
        named = [*parts, *(row.path for row in self.rows)]
        return tuple(dict.fromkeys(file for path in named for file in files_of(path)))

    def fold_names(self, kind: str) -> tuple[str, ...]:
        """Name the folds of a kind by number: those that are dealt, then those that are given."""
        given = self.given[kind].values if kind in self.given else ()
        return (*map(str, range(self.fold_count)), *given)

    @property
    def kinds(self) -> dict[str, str]:
        """Contig -> the kind of fold that it is of."""
        return {f"{kind}_{fold}": kind for kind in self.folds for fold in self.fold_names(kind)}

    @property
    def generated_paths(self) -> tuple[str, ...]:
        """Those of the files that are generated."""
        if self.generated is None:
            return ()
        return tuple(path for path in self.paths if Path(path).is_relative_to(self.generated.folder))

    @property
    def contigs(self) -> dict[str, int]:
        """All folds of all kinds, each of length 1: what plays the part of contigs."""
        return dict.fromkeys(self.kinds, 1)


def load_profiles_plan(path: str | os.PathLike[str]) -> ProfilesPlan:
    """Read and check a plan; variables of the environment in paths are filled in.

    Raises
    ------
    InputError
        When there is no such file, or it is no YAML.
    ConfigErrors
        With every mistake at once: unknown keys, wrong types, files that are not there.
    """
    source = Path(path)
    problems: list[str] = []
    plan = build(ProfilesPlan, _expanded(read_plan(source)), path="", problems=problems)
    if plan is not None:
        problems.extend(_problems(plan))
    if problems:
        raise ConfigErrors(str(source), problems)
    return plan


def _expanded(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {
            key: os.path.expandvars(value)
            if key in _FILE_KEYS and isinstance(value, str)
            else _expanded(value)
            for key, value in content.items()
        }
    return [_expanded(one) for one in content] if isinstance(content, list) else content


def _problems(plan: ProfilesPlan) -> Iterator[str]:
    if plan.generated:
        yield from _missing("generated.plan", plan.generated.plan)
        if not plan.generated_paths:
            yield f"generated.folder: no file of the plan lies in {plan.generated.folder}"
    made = plan.generated_paths
    for name, table in plan.tables.items():
        for key, text in table.texts.items():
            yield from _missing(f"{name}.texts.{key}.path", text.path, made)
        for key, block in table.blocks.items():
            where = f"{name}.blocks.{key}"
            found: list[str] = []
            build(SOURCES[block.source].options, block.options, path=f"{where}.options", problems=found)
            found += [
                one for held, path in block.files.items() for one in _missing(f"{where}.{held}", path, made)
            ]
            yield from found or _sheet_problems(table, block)
    for number, row in enumerate(plan.rows):
        yield from _missing(f"rows[{number}].path", row.path, made)


def _sheet_problems(table: TablePlan, block: BlockPlan) -> Iterator[str]:
    try:
        files = table.all_files(block)[len(block.files) :]
    except InputError as error:
        yield str(error)
        return
    for path in dict.fromkeys(files):
        yield from _missing(block.path, path)


def _missing(where: str, path: str, made: tuple[str, ...] = ()) -> Iterator[str]:
    """Say what is wrong with a file, unless it is one of those that are made first."""
    if "$" in path:
        yield f"{where}: {path} names an environment variable that is not set"
    elif path not in made and not any(Path(file).is_file() for file in files_of(path)):
        yield f"{where}: {path}: no such file"

"""What blocks and words can be read from; another kind of file is one more entry here."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from importlib import import_module
from typing import Any, Literal

from seqmill.profiles.call_options import BurdenOptions, CountOptions, DosageOptions, EffectOptions
from seqmill.profiles.polygenic.options import ScoreOptions


@dataclass(frozen=True, kw_only=True)
class TableOptions:
    """Which columns of a table are features.

    Attributes
    ----------
    columns : str
        Regular expression of their names; all but that of the ids unless given.
    """

    columns: str = ""


Invalid = Literal["refuse", "leave_out"]
"""Molecules without a valid SMILES are an error that names them, or left out and counted."""


@dataclass(frozen=True, kw_only=True)
class SmilesOptions:
    """SMILES as tokens, see `seqmill.profiles.smiles`.

    Attributes
    ----------
    smiles : str
        Column of SMILES.
    length : int
        Tokens that are kept; longer ones are cut and counted.
    canonical : bool
        Whether SMILES are written anew in the one way that RDKit has for each molecule, or taken as they
        stand. Only the first sees whether a molecule is valid.
    invalid : str
        ``refuse`` or ``leave_out``.
    """

    smiles: str = "smiles"
    length: int = field(default=256, metadata={"at_least": 1})
    canonical: bool = True
    invalid: Invalid = "refuse"


@dataclass(frozen=True, kw_only=True)
class MorganOptions:
    """Morgan fingerprints of molecules.

    Attributes
    ----------
    smiles : str
        Column of SMILES.
    radius : int
        Bonds around each atom.
    bits : int
        Length of the fingerprint.
    counts : bool
        Whether environments are counted (255 at most), or their presence told.
    invalid : str
        ``refuse`` or ``leave_out``.
    """

    smiles: str = "smiles"
    radius: int = 2
    bits: int = 2048
    counts: bool = False
    invalid: Invalid = "refuse"


@dataclass(frozen=True)
class Source:
    """How blocks of one kind are read.

    Attributes
    ----------
    options : type
        Dataclass of the options.
    read : str
        ``module:callable`` (`seqmill.profiles.plan.BlockPlan`, column of ids, options) ->
        `seqmill.profiles.table.Block` with its ids.
    """

    options: type
    read: str

    def load(self) -> Callable[..., Any]:
        """Import what reads."""
        return _load(self.read)

    @property
    def file_options(self) -> tuple[str, ...]:
        """Names of the options that name a file."""
        return tuple(field.name for field in fields(self.options) if field.metadata.get("file"))


SOURCES = {
    "table": Source(TableOptions, "seqmill.profiles.columns:read_columns"),
    "vcf": Source(DosageOptions, "seqmill.profiles.calls:read_calls"),
    "burden": Source(BurdenOptions, "seqmill.profiles.burden:read_burden"),
    "effects": Source(EffectOptions, "seqmill.profiles.effects:read_carried_effects"),
    "counts": Source(CountOptions, "seqmill.profiles.expression:read_expression"),
    "morgan": Source(MorganOptions, "seqmill.profiles.fingerprints:read_morgan"),
    "polygenic_score": Source(ScoreOptions, "seqmill.profiles.polygenic.score:read_polygenic_score"),
    "smiles": Source(SmilesOptions, "seqmill.profiles.molecules:read_smiles"),
}
"""Kind of source of a block -> how it is read."""

TEXTS = {
    "column": "seqmill.profiles.columns:unchanged",
    "canonical": "seqmill.profiles.molecules:canonical",
    "scaffold": "seqmill.profiles.fingerprints:scaffold",
}
"""Kind of word -> ``module:callable`` (cell, where it stands) -> word."""


def load_text(source: str) -> Callable[[str, str], str]:
    """Import what makes a word."""
    return _load(TEXTS[source])


def _load(path: str) -> Callable[..., Any]:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)

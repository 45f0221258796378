"""Molecules as RDKit reads them (the extra ``molecules``), and their SMILES as tokens."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from seqmill.errors import InputError
from seqmill.profiles.columns import cells_of
from seqmill.profiles.plan import BlockPlan
from seqmill.profiles.smiles import VOCABULARY, tokens_of
from seqmill.profiles.sources import Invalid, SmilesOptions
from seqmill.profiles.table import Block, Found

INVALID, CUT = "invalid_smiles", "cut"
"""Why a molecule is left out; and that some of its tokens are."""

_SHOWN = 10


def read_smiles(plan: BlockPlan, column: str, options: SmilesOptions) -> Found:
    """Give the tokens of a column of SMILES, uint8 [n, length]; 0 behind their end.

    Raises
    ------
    InputError
        When a molecule has no valid SMILES, unless such are left out; the message names them. When RDKit is
        needed and not installed.
    """
    cells = cells_of(plan, column, options.smiles)
    bad: dict[str, str] = {}
    if options.canonical:
        molecules, bad = split_valid(cells)
        cells = {name: rdkit().MolToSmiles(molecule) for name, molecule in molecules.items()}
    tokens: dict[str, list[int]] = {}
    for name, smiles in cells.items():
        try:
            tokens[name] = tokens_of(smiles)
        except ValueError:
            tokens[name] = []
        if not tokens[name]:
            bad[name] = smiles
    check_valid(bad, plan.path, options.invalid)
    ids = [name for name in cells if name not in bad]
    values = np.zeros((len(ids), options.length), np.uint8)
    for row, name in enumerate(ids):
        kept = tokens[name][: options.length]
        values[row, : len(kept)] = kept
    cut = sum(len(tokens[name]) > options.length for name in ids)
    features = tuple(f"token_{place}" for place in range(options.length))
    block = Block(features, values, np.ones(values.shape, bool), VOCABULARY)
    return Found(ids, block, dropped={INVALID: len(bad), CUT: cut})


def canonical(smiles: str, where: str) -> str:
    """Give the canonical SMILES of a molecule, the same however it was written.

    Raises
    ------
    InputError
        As `parsed` does.
    """
    return rdkit().MolToSmiles(parsed(smiles, where))


def parsed(smiles: str, where: str) -> Any:
    """Read a SMILES.

    Raises
    ------
    InputError
        When it is empty or not valid; the message begins with `where`.
    """
    molecule = rdkit().MolFromSmiles(smiles) if smiles else None
    if molecule is None:
        raise InputError(
            f"{where}: found the SMILES {smiles!r}, which is no valid molecule; correct it, or leave the "
            "molecule out of the table"
        )
    return molecule


def split_valid(cells: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Read SMILES by name: the molecules of those that are valid, and what the others say."""
    chem = rdkit()
    molecules = {name: chem.MolFromSmiles(smiles) if smiles else None for name, smiles in cells.items()}
    valid = {name: molecule for name, molecule in molecules.items() if molecule is not None}
    return valid, {name: smiles for name, smiles in cells.items() if name not in valid}


def check_valid(bad: Mapping[str, str], path: str, invalid: Invalid) -> None:
    """Refuse molecules without a valid SMILES, naming them, unless they are to be left out.

    Raises
    ------
    InputError
        When there is one.
    """
    if not bad or invalid == "leave_out":
        return
    (name, smiles), *others = bad.items()
    more = ", ".join(f"'{other}'" for other, _ in others[:_SHOWN]) + (", ..." if len(others) > _SHOWN else "")
    raise InputError(
        f"{path}: '{name}': found the SMILES {smiles!r}, which is no valid molecule"
        + (f"; nor have {len(others):,} others one: {more}" if others else "")
        + "; correct it, or leave such molecules out with the block's option 'invalid: leave_out'"
    )


def rdkit() -> Any:
    """Import RDKit.

    Raises
    ------
    InputError
        When it is not installed.
    """
    try:
        from rdkit import Chem, RDLogger
        from rdkit.Chem import rdFingerprintGenerator  # noqa: F401 - loads the attribute that is used
    except ImportError:
        raise InputError(
            "fingerprints, scaffolds and canonical SMILES need RDKit, which is not installed; "
            'pip install "seqmill[molecules]", or give a table of fingerprints'
        ) from None
    RDLogger.DisableLog("rdApp.*")  # its messages name no molecule; ours does
    return Chem

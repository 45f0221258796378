"""Fingerprints and scaffolds of molecules, by RDKit (the extra ``molecules``)."""

from typing import Any

import numpy as np

from seqmill.errors import InputError
from seqmill.profiles.columns import ids_of, read_file, text_of
from seqmill.profiles.plan import BlockPlan
from seqmill.profiles.sources import MorganOptions
from seqmill.profiles.table import Block, Found


def read_morgan(plan: BlockPlan, column: str, options: MorganOptions) -> Found:
    """Make Morgan fingerprints (Rogers and Hahn 2010) of a column of SMILES, uint8 [n, bits].

    Raises
    ------
    InputError
        When RDKit is not installed, or a molecule has no valid SMILES; the message names it.
    """
    chem = _rdkit()
    generator = chem.rdFingerprintGenerator.GetMorganGenerator(radius=options.radius, fpSize=options.bits)
    table = read_file(plan.path)
    ids = ids_of(table, column, path=plan.path)
    values = np.zeros((len(ids), options.bits), np.uint8)
    for row, (name, smiles) in enumerate(
        zip(ids, text_of(table, options.smiles, path=plan.path), strict=True)
    ):
        molecule = parsed(smiles, f"{plan.path}: '{name}'")
        if options.counts:
            values[row] = generator.GetCountFingerprintAsNumPy(molecule).clip(max=255)
        else:
            values[row] = generator.GetFingerprintAsNumPy(molecule)
    features = tuple(f"morgan_{bit}" for bit in range(options.bits))
    return Found(ids, Block(features, values, np.ones(values.shape, bool)))


def scaffold(smiles: str, where: str) -> str:
    """Give the scaffold of Bemis and Murcko (1996) as SMILES; a molecule without rings has itself for one."""
    from rdkit.Chem.Scaffolds import MurckoScaffold

    molecule = parsed(smiles, where)
    return MurckoScaffold.MurckoScaffoldSmiles(mol=molecule) or _rdkit().MolToSmiles(molecule)


def parsed(smiles: str, where: str) -> Any:
    """Read a SMILES.

    Raises
    ------
    InputError
        When it is empty or not valid; the message begins with `where`.
    """
    chem = _rdkit()
    molecule = chem.MolFromSmiles(smiles) if smiles else None
    if molecule is None:
        raise InputError(
            f"{where}: found the SMILES {smiles!r}, which is no valid molecule; correct it, or leave the "
            "molecule out of the table"
        )
    return molecule


def _rdkit() -> Any:
    try:
        from rdkit import Chem, RDLogger
        from rdkit.Chem import rdFingerprintGenerator  # noqa: F401 - loads the attribute that is used
    except ImportError:
        raise InputError(
            'fingerprints and scaffolds need RDKit, which is not installed; pip install "seqmill[molecules]"'
            ", or give a table of fingerprints"
        ) from None
    RDLogger.DisableLog("rdApp.*")  # its messages name no molecule; ours does
    return Chem

"""Fingerprints and scaffolds of molecules, by RDKit (the extra ``molecules``)."""

import numpy as np

from seqmill.profiles.columns import cells_of
from seqmill.profiles.molecules import INVALID, canonical, check_valid, parsed, rdkit, split_valid
from seqmill.profiles.plan import BlockPlan
from seqmill.profiles.sources import MorganOptions
from seqmill.profiles.table import Block, Found


def read_morgan(plan: BlockPlan, column: str, options: MorganOptions) -> Found:
    """Make Morgan fingerprints (Rogers and Hahn 2010) of a column of SMILES, uint8 [n, bits].

    Raises
    ------
    InputError
        When RDKit is not installed, or a molecule has no valid SMILES, unless such are left out; the message
        names them.
    """
    generator = rdkit().rdFingerprintGenerator.GetMorganGenerator(radius=options.radius, fpSize=options.bits)
    molecules, bad = split_valid(cells_of(plan, column, options.smiles))
    check_valid(bad, plan.path, options.invalid)
    values = np.zeros((len(molecules), options.bits), np.uint8)
    for row, molecule in enumerate(molecules.values()):
        if options.counts:
            values[row] = generator.GetCountFingerprintAsNumPy(molecule).clip(max=255)
        else:
            values[row] = generator.GetFingerprintAsNumPy(molecule)
    features = tuple(f"morgan_{bit}" for bit in range(options.bits))
    block = Block(features, values, np.ones(values.shape, bool))
    return Found(list(molecules), block, dropped={INVALID: len(bad)})


def scaffold(smiles: str, where: str) -> str:
    """Give the scaffold of Bemis and Murcko (1996) as SMILES; a molecule without rings has itself for one."""
    from rdkit.Chem.Scaffolds import MurckoScaffold

    molecule = parsed(smiles, where)
    return MurckoScaffold.MurckoScaffoldSmiles(mol=molecule) or canonical(smiles, where)

"""Fingerprints tell molecules apart and see through how a SMILES is written; a bad one is named."""

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.profiles.fingerprints import read_morgan, scaffold
from seqmill.profiles.plan import BlockPlan
from seqmill.profiles.sources import MorganOptions
from tests.profiles.cohort import DRUGS

pytest.importorskip("rdkit", reason='needs pip install "seqmill[molecules]"')


def fingerprints(tmp_path, text=DRUGS, **options):
    path = tmp_path / "drugs.tsv"
    path.write_text(text)
    return read_morgan(BlockPlan(path=str(path), source="morgan"), "drug", MorganOptions(**options))


def test_bits_are_those_of_the_atoms_environments(tmp_path):
    found = fingerprints(tmp_path, "drug\tsmiles\na\tC\nb\tCC\nc\tCCC\n", radius=0)
    assert found.ids == ["a", "b", "c"]
    assert found.block.values.dtype == np.uint8
    assert found.block.mask.all()
    assert len(found.block.features) == 2048
    # radius 0 tells atoms by degree and hydrogens: CH4; CH3; CH3 and CH2
    assert found.block.values.sum(axis=1).tolist() == [1, 1, 2]
    shared = found.block.values.astype(int) @ found.block.values.T.astype(int)
    assert shared.tolist() == [[1, 0, 0], [0, 1, 1], [0, 1, 2]]


def test_counts_count(tmp_path):
    found = fingerprints(tmp_path, "drug\tsmiles\nc\tCCC\n", radius=0, counts=True)
    assert sorted(found.block.values[found.block.values > 0].tolist()) == [1, 2]


def test_another_way_to_write_a_molecule_gives_the_same_bits(tmp_path):
    found = fingerprints(tmp_path, "drug\tsmiles\na\tOCC\nb\tC(C)O\nc\tCOC\n")
    assert np.array_equal(found.block.values[0], found.block.values[1])
    assert not np.array_equal(found.block.values[0], found.block.values[2])


@pytest.mark.parametrize("smiles", ["", "C1CC", "hello"])
def test_a_drug_without_a_valid_smiles_is_named(tmp_path, smiles):
    with pytest.raises(InputError, match=f"'broken': found the SMILES '{smiles}', which is no valid"):
        fingerprints(tmp_path, f"drug\tsmiles\nfine\tCCO\nbroken\t{smiles}\n")


def test_molecules_of_one_ring_system_share_a_scaffold():
    benzene = scaffold("Cc1ccccc1", "toluene")
    assert benzene == scaffold("OC(=O)c1ccccc1O", "salicylate") == "c1ccccc1"
    assert scaffold("Cn1cnc2c1c(=O)n(C)c(=O)n2C", "caffeine") != benzene


def test_molecules_without_rings_have_scaffolds_of_their_own():
    assert scaffold("CCO", "ethanol") == scaffold("OCC", "ethanol") != scaffold("CCC", "propane")


def test_molecules_without_a_valid_smiles_may_be_left_out_and_are_counted(tmp_path):
    found = fingerprints(tmp_path, "drug\tsmiles\nfine\tCCO\nopen\tC1CC\nempty\t\n", invalid="leave_out")
    assert found.ids == ["fine"]
    assert found.dropped["invalid_smiles"] == 2
    assert len(found.block.values) == 1

"""Molecules without a valid SMILES are named or counted; tokens see through how a SMILES is written."""

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.profiles.molecules import canonical, read_smiles
from seqmill.profiles.plan import BlockPlan
from seqmill.profiles.smiles import VOCABULARY, tokens_of
from seqmill.profiles.sources import SmilesOptions

BROKEN = "drug\tsmiles\nfine\tCCO\nfive\tCC(C)(C)(C)C\nempty\t\nopen\tC1CC\n"


def smiles(tmp_path, text, **options):
    path = tmp_path / "drugs.tsv"
    path.write_text(text)
    return read_smiles(BlockPlan(path=str(path), source="smiles"), "drug", SmilesOptions(**options))


def test_tokens_stand_from_the_left_and_longer_words_are_cut_and_counted(tmp_path):
    text = "drug\tsmiles\na\tCCO\nb\tC[Na]\n"
    found = smiles(tmp_path, text, length=4, canonical=False)
    assert found.ids == ["a", "b"]
    assert found.block.values.dtype == np.uint8
    assert found.block.values.tolist() == [[*tokens_of("CCO"), 0], tokens_of("C[Na]")]
    assert found.block.vocabulary == VOCABULARY
    assert found.dropped["cut"] == 0
    short = smiles(tmp_path, text, length=3, canonical=False)
    assert short.block.values.tolist() == [tokens_of("CCO"), tokens_of("C[Na]")[:3]]
    assert short.dropped["cut"] == 1


def test_without_rdkit_what_has_no_tokens_is_named(tmp_path):
    with pytest.raises(InputError, match=r"'what': found the SMILES 'X'.*nor have 1 others one: 'empty'"):
        smiles(tmp_path, "drug\tsmiles\nwhat\tX\nfine\tC\nempty\t\n", canonical=False)


def test_all_molecules_without_a_valid_smiles_are_named(tmp_path):
    pytest.importorskip("rdkit", reason='needs pip install "seqmill[molecules]"')
    with pytest.raises(InputError, match=r"'five': found the SMILES 'CC\(C\).*: 'empty', 'open'; correct"):
        smiles(tmp_path, BROKEN)


def test_they_may_be_left_out_and_are_counted(tmp_path):
    pytest.importorskip("rdkit", reason='needs pip install "seqmill[molecules]"')
    found = smiles(tmp_path, BROKEN, invalid="leave_out")
    assert found.ids == ["fine"]
    assert found.dropped["invalid_smiles"] == 3


def test_another_way_to_write_a_molecule_gives_the_same_tokens(tmp_path):
    pytest.importorskip("rdkit", reason='needs pip install "seqmill[molecules]"')
    text = "drug\tsmiles\na\tOCC\nb\tC(C)O\nc\tC1=CC=CC=C1\nd\tc1ccccc1\n"
    values = smiles(tmp_path, text).block.values
    assert np.array_equal(values[0], values[1])
    assert np.array_equal(values[2], values[3])
    assert canonical("C1=CC=CC=C1", "benzene") == "c1ccccc1"
    as_written = smiles(tmp_path, text, canonical=False).block.values
    assert not np.array_equal(as_written[0], as_written[1])

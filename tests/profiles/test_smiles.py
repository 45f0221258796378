"""Tokens by hand: atoms of two letters, brackets part by part, ring closures; what is no SMILES is told."""

import pytest

from seqmill.profiles.smiles import VOCABULARY, tokens_of


def words(smiles):
    return [VOCABULARY[token - 1] for token in tokens_of(smiles)]


@pytest.mark.parametrize(
    ("smiles", "expected"),
    [
        ("CCO", ["C", "C", "O"]),
        ("ClCBr", ["Cl", "C", "Br"]),
        ("Sc1ccccc1", ["S", "c", "%1", "c", "c", "c", "c", "c", "%1"]),  # sulphur, no scandium
        ("[Sc]", ["[", "Sc", "]"]),
        ("C%12CC%12", ["C", "%12", "C", "C", "%12"]),
        ("N[C@@H](C)C", ["N", "[", "C", "@@", "H", "]", "(", "C", ")", "C"]),
        ("[13CH4]", ["[", "1", "3", "C", "H", "4", "]"]),
        ("[Fe+2]", ["[", "Fe", "+", "2", "]"]),
        ("[Fe++].[O-]", ["[", "Fe", "+", "+", "]", ".", "[", "O", "-", "]"]),
        ("c1cc[nH]c1", ["c", "%1", "c", "c", "[", "n", "H", "]", "c", "%1"]),
        ("F/C=C\\F", ["F", "/", "C", "=", "C", "\\", "F"]),
        ("[CH4:12]", ["[", "C", "H", "4", ":", "1", "2", "]"]),
        ("[Pt@SP1](F)", ["[", "Pt", "@", "SP", "1", "]", "(", "F", ")"]),
    ],
)
def test_tokens_are_atoms_bonds_and_ring_closures(smiles, expected):
    assert words(smiles) == expected


def test_a_digit_in_brackets_is_no_ring_closure():
    assert set(words("[2H]C1CC1")) >= {"2", "%1"}
    assert "%2" not in words("[2H]C1CC1")


def test_tokens_fit_a_byte_and_differ():
    assert len(set(VOCABULARY)) == len(VOCABULARY) < 256


@pytest.mark.parametrize(
    ("smiles", "words"),
    [
        ("CC?C", r"from '\?C' on \(character 3\)"),
        ("C[C", "character 2"),
        ("[Xx]", "character 1"),
        ("hello", "1"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(smiles, words):
    with pytest.raises(ValueError, match=words):
        tokens_of(smiles)


def test_a_ring_number_beyond_the_vocabulary_is_told():
    with pytest.raises(ValueError, match="closes ring 77"):
        tokens_of("C%77CC%77")

"""Motifs of factors out of a database, by their names."""

import pytest

from seqmill.applications.tf_binding.motifs import motifs_of
from seqmill.errors import InputError
from tests.applications.tf_binding import planted


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "m.meme"
    path.write_text(planted.meme({"SPI1": "AAGAGG", "CTCF": "CCACC", "CTCFL": "CCACG", "SPI1.1": "AAAGAGG"}))
    return path


def test_a_motif_is_a_factors_by_its_name_up_to_a_dot(database):
    found = motifs_of(database, ("CTCF", "SPI1"))
    assert {name: [motif.text for motif in motifs] for name, motifs in found.items()} == {
        "CTCF": ["CCACC"],
        "SPI1": ["AAGAGG", "AAAGAGG"],
    }


def test_a_factor_without_motif_is_named_with_the_nearest(database):
    with pytest.raises(InputError, match=r"m\.meme: holds no motif of 'SPIB'.*SPI1"):
        motifs_of(database, ("CTCF", "SPIB"))

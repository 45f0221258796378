"""MEME files: what is read back, what is passed over, what is refused."""

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.genome.meme import read_meme, write_meme
from seqmill.genome.motif import Motif

HEAD = "MEME version 4\n\nALPHABET= ACGT\n\n"
MATRIX = "letter-probability matrix: alength= 4 w= 2 nsites= 7 E= 0\n0.5 0.5 0 0\n 0.1\t0.2\t0.3\t0.4\t\n"


def written(tmp_path, text: str):
    path = tmp_path / "motifs.meme"
    path.write_text(text)
    return path


def test_what_is_written_is_read_back(tmp_path):
    generator = np.random.default_rng(1)
    motifs = [
        Motif(name=f"m{n}", probabilities=generator.dirichlet(np.ones(4), 5 + n), sites=10 + n)
        for n in range(3)
    ]
    write_meme(tmp_path / "m.meme", motifs, background=(0.3, 0.2, 0.2, 0.3))
    for one, other in zip(read_meme(tmp_path / "m.meme"), motifs, strict=True):
        assert (one.name, one.sites) == (other.name, other.sites)
        assert np.allclose(one.probabilities, other.probabilities, atol=2e-6)


def test_a_matrix_of_log_odds_is_passed_over(tmp_path):
    odds = "log-odds matrix: alength= 4 w= 3 E= 0\n 1 2 3 4\n -5 6 7 8\n 1 1 1 1\n\n"
    found = read_meme(
        written(tmp_path, f"{HEAD}MOTIF A alias\n\n{odds}{MATRIX}\nURL http://x\n\nMOTIF B\n{MATRIX}")
    )
    assert [(one.name, one.width, one.sites) for one in found] == [("A", 2, 7), ("B", 2, 7)]
    assert found[0].probabilities.tolist() == [[0.5, 0.5, 0, 0], [0.1, 0.2, 0.3, 0.4]]


def test_rows_are_scaled_to_one_and_a_width_may_be_missing(tmp_path):
    found = read_meme(written(tmp_path, f"{HEAD}MOTIF A\nletter-probability matrix:\n0.33 0.33 0.33 0\n"))
    assert found[0].probabilities[0].sum() == pytest.approx(1) and found[0].width == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (">a\nACGT\n", "no line 'MEME version'"),
        (HEAD, "holds no motif"),
        (HEAD.replace("ACGT", "ACDEFGHIKLMNPQRSTVWY"), "wanted ALPHABET= ACGT"),
        (f"{HEAD}MOTIF A\n\nMOTIF B\n{MATRIX}", "line 5: motif 'A' has no"),
        (f"{HEAD}MOTIF A\n", "motif 'A' has no"),
        (f"{HEAD}MOTIF\n{MATRIX}", "a motif without a name"),
        (f"{HEAD}{MATRIX}", "without a line 'MOTIF NAME'"),
        (f"{HEAD}MOTIF A\n{MATRIX}MOTIF A\n{MATRIX}", "line 9: motif 'A' a second time"),
        (f"{HEAD}MOTIF A\n{MATRIX.replace('w= 2', 'w= 3')}", "line 6: found 2 rows below it, wanted 3"),
        (f"{HEAD}MOTIF A\n{MATRIX.replace('0.4', '0.9')}", "line 8: found '0.1"),
        (f"{HEAD}MOTIF A\n{MATRIX.replace('0.5 0.5', '1.5 -0.5')}", "line 7: found '1.5 -0.5 0 0'"),
    ],
)
def test_mistakes_name_the_line(tmp_path, text: str, said: str):
    with pytest.raises(InputError, match=said):
        read_meme(written(tmp_path, text))


def test_a_missing_or_binary_file_is_told(tmp_path):
    with pytest.raises(InputError, match="no such file of motifs"):
        read_meme(tmp_path / "none.meme")
    (tmp_path / "x.meme").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(InputError, match="bytes that are no text"):
        read_meme(tmp_path / "x.meme")


@pytest.mark.real
def test_public_databases_are_read_whole(real_data):
    yeast = read_meme(real_data / "motifs" / "macisaac_yeast.v1.meme")
    human = read_meme(real_data / "motifs" / "H13CORE_meme_format.meme")
    assert (len(yeast), len(human)) == (124, 1611)
    abf1 = next(motif for motif in yeast if motif.name == "ABF1")
    assert abf1.width == 15 and abf1.probabilities[3, 1] == pytest.approx(0.975138, abs=1e-4)
    assert all(np.allclose(motif.probabilities.sum(axis=1), 1) for motif in yeast + human)

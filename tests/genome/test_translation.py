"""The standard genetic code."""

import numpy as np

from seqmill.genome.bases import codes_of
from seqmill.genome.translation import first_stop, translate


def text(protein):
    return protein.tobytes().decode()


def test_codons_by_hand():
    assert text(translate(codes_of("ATGGCTTGGTAAGGGNNNATCA"))) == "MAW*GXI"
    assert text(translate(codes_of("AT"))) == ""


def test_the_whole_code_has_the_known_counts():
    every = "".join(a + b + c for a in "ACGT" for b in "ACGT" for c in "ACGT")
    letters = text(translate(codes_of(every)))
    counts = {letter: letters.count(letter) for letter in "LSRMW*"}
    assert counts == {"L": 6, "S": 6, "R": 6, "M": 1, "W": 1, "*": 3}
    assert len(set(letters)) == 21


def test_the_first_stop():
    assert first_stop(np.frombuffer(b"MA*G*", np.uint8)) == 2
    assert first_stop(np.frombuffer(b"MA", np.uint8)) == 2

"""Each motif at both ends of an intron, and the strand it tells."""

import numpy as np
import pytest

from seqmill.genome.splice_motifs import MOTIFS, motif_strands, splice_motifs


@pytest.mark.parametrize("code", range(len(MOTIFS)))
def test_codes_are_places_among_the_motifs(make_reference, code):
    left, right = MOTIFS[code].split("/") if code else ("GG", "AG")
    reference = make_reference(c="AAAA" + left + "ACGNNACG" + right + "TTT")
    found = splice_motifs(reference, "c", np.array([4, 0, 8]), np.array([16, 16, 12]))
    assert found.tolist() == [code, 0, 0]


@pytest.mark.parametrize("forward", [1, 3, 5])
def test_each_even_motif_is_the_one_before_it_from_the_other_strand(forward):
    turned = MOTIFS[forward][::-1].translate(str.maketrans("ACGT", "TGCA"))
    assert MOTIFS[forward + 1] == turned


def test_odd_motifs_are_of_the_forward_strand():
    assert motif_strands(np.arange(7, dtype=np.uint8)).tolist() == [0, 1, -1, 1, -1, 1, -1]

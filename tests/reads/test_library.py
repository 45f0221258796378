"""The strand of a transcript by flag, written out."""

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.reads.library import check_library, library_strands


@pytest.mark.parametrize(
    ("library", "strands"),
    [("forward", [1, -1, 1, 1, -1, -1]), ("reverse", [-1, 1, -1, -1, 1, 1]), ("unstranded", [0] * 6)],
)
def test_both_reads_of_a_pair_tell_the_same_strand(library, strands):
    flags = np.array([0, 16, 99, 147, 83, 163], np.uint16)
    assert library_strands(flags, library).tolist() == strands


def test_only_known_libraries_are_taken():
    check_library(None)
    check_library("reverse")
    with pytest.raises(InputError, match="found 'yes', wanted one of unstranded, forward, reverse"):
        check_library("yes")

"""Reads whose MM and ML do not fit, by the reason for which they are left out."""

import numpy as np
import pytest

from seqmill.reads.modification_calls import FATES, add_calls
from seqmill.reads.reader import AlignmentReader
from tests.reads.generated import write_lines


def fate_of(folder, *tags, bases="ACGCATCC", cigar="8M"):
    """Give the fate of one read, and how many of its bases count."""
    fields = ["r", "0", "chr1", "11", "60", cigar, "*", "0", "0", bases, "*", *tags]
    with AlignmentReader(write_lines(folder / "a.bam", ["\t".join(fields)])) as reader:
        columns = reader.columns("chr1", 0, 100)
    sums, fate = np.zeros((3, 2, 100), np.int64), np.zeros(1, np.int64)
    add_calls(columns, (ord("m"), 27551, 128), 0, sums, fate)
    return FATES[fate[0]], int(sums[0].sum())


@pytest.mark.parametrize(
    ("fate", "tags", "cigar"),
    [
        ("used", ["MM:Z:C+m?,3;", "ML:B:C,9", "MN:i:8"], "5H8M"),
        ("without_tag", [], "8M"),
        ("without_tag", ["MM:i:3"], "8M"),
        ("without_probabilities", ["MM:Z:C+m?,3;"], "8M"),
        ("length_differs", ["MM:Z:C+m?,3;", "ML:B:C,9", "MN:i:13"], "5H8M"),
        ("hard_clipped", ["MM:Z:C+m?,3;", "ML:B:C,9"], "5H8M"),
        ("hard_clipped", ["MM:Z:C+m?,3;", "ML:B:C,9"], "8M5H"),
        ("malformed", ["MM:Z:C+m?,4;", "ML:B:C,9"], "8M"),
        ("malformed", ["MM:Z:C+m?,0,3;", "ML:B:C,9,9"], "8M"),
        ("malformed", ["MM:Z:C+m?,0;", "ML:B:C,9,9"], "8M"),
        ("malformed", ["MM:Z:C+m?,0,0;", "ML:B:C,9"], "8M"),
        ("malformed", ["MM:Z:C+m?,0", "ML:B:C,9"], "8M"),
        ("malformed", ["MM:Z:C+m?,;", "ML:B:C,9"], "8M"),
        ("malformed", ["MM:Z:C*m?,0;", "ML:B:C,9"], "8M"),
        ("malformed", ["MM:Z:C+?,0;", "ML:B:C,9"], "8M"),
        ("malformed", ["MM:Z:X+m?,0;", "ML:B:C,9"], "8M"),
        ("malformed", ["MM:Z:C", "ML:B:C,9"], "8M"),
    ],
)
def test_reads_whose_tags_do_not_fit_are_counted(tmp_path, fate, tags, cigar):
    assert fate_of(tmp_path, *tags, cigar=cigar) == (fate, int(fate == "used"))


def test_a_read_without_bases_is_malformed_if_it_lists_any(tmp_path):
    assert fate_of(tmp_path, "MM:Z:C+m?,0;", "ML:B:C,9", bases="*") == ("malformed", 0)

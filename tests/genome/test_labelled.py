"""Names of columns; tables are read in ``tests/reads/test_region_file.py``, where they are staged."""

import pytest

from seqmill.errors import InputError
from seqmill.genome.intervals import Interval
from seqmill.genome.labelled import column_names, read_labelled


@pytest.mark.parametrize(
    ("header", "columns", "names"),
    [
        ("", 3, ["contig", "start", "end"]),
        ("", 5, ["contig", "start", "end", "name", "score"]),
        ("", 8, ["contig", "start", "end", "name", "score", "strand", "column_7", "column_8"]),
        ("#chrom\tchromStart\tchromEnd\tlevel", 4, ["contig", "start", "end", "level"]),
        ("# a remark", 4, ["contig", "start", "end", "name"]),
    ],
)
def test_column_names(header, columns, names):
    assert column_names(header, columns) == names


def test_no_table(tmp_path):
    with pytest.raises(InputError, match="cannot be read as indexed regions"):
        read_labelled(tmp_path / "none.bed.gz", [Interval("chr1", 0, 9)])

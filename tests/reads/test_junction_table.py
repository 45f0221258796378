"""Junction tables: written, read back, and wrong."""

import numpy as np
import pytest

from seqmill.errors import ConfigErrors
from seqmill.genome.annotation import Intron
from seqmill.reads.junction_table import read_junctions, write_junctions
from seqmill.reads.junctions import Junctions

FOUND = Junctions(
    contigs=("chr1", "empty", "chr2"),
    contig=np.array([0, 0, 2], np.int32),
    start=np.array([9, 9, 4]),
    end=np.array([40, 60, 99]),
    strand=np.array([1, -1, 0], np.int8),
    motif=np.array([1, 4, 0], np.uint8),
    unique=np.array([7, 0, 3]),
    multiple=np.array([0, 2, 1]),
    overhang=np.array([30, 8, 21], np.int32),
    dropped={"few_fragments": 4},
)


def test_the_columns_are_those_of_star(tmp_path):
    path = tmp_path / "SJ.out.tab"
    write_junctions(path, FOUND, annotated=[Intron("chr1", 9, 60, "-"), Intron("chr2", 9, 40, "+")])
    assert path.read_text().splitlines() == [
        "chr1\t10\t40\t1\t1\t0\t7\t0\t30",
        "chr1\t10\t60\t2\t4\t1\t0\t2\t8",
        "chr2\t5\t99\t0\t0\t0\t3\t1\t21",
    ]
    again = read_junctions(path)
    assert again.introns == FOUND.introns
    for name in ("start", "end", "strand", "motif", "unique", "multiple", "overhang"):
        held, wanted = getattr(again, name), getattr(FOUND, name)
        assert np.array_equal(held, wanted) and held.dtype == wanted.dtype
    assert [again.contigs[k] for k in again.contig] == ["chr1", "chr1", "chr2"]


def test_an_empty_table_is_one_without_junctions(tmp_path):
    (tmp_path / "t").write_text("")
    assert len(read_junctions(tmp_path / "t")) == 0


def test_all_bad_lines_come_at_once(tmp_path):
    path = tmp_path / "t"
    path.write_text(
        "c\t9\t8\t1\t1\t0\t1\t0\t9\nc\t1\t8\n\nc\t1\t8\t3\t1\t0\t1\t0\t9\nc\t1\t8\t1\t1\t0\t1\t0\t9\n"
    )
    with pytest.raises(ConfigErrors) as error:
        read_junctions(path)
    assert [problem.split(":")[0] for problem in error.value.problems] == ["line 1", "line 2", "line 4"]

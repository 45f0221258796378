"""Mates that were given as single reads."""

from pathlib import Path

import pytest

from seqmill.errors import InputError
from seqmill.reads.fragments import Lane
from seqmill.reads.lone import check_lone


def lane(folder: Path, name: str, bases: str, *, mate: str = "", reads: int = 3) -> Lane:
    path = folder / name
    path.write_text("".join(f"@r{at}{mate}\n{bases}\n+\n{'I' * len(bases)}\n" for at in range(reads)))
    return Lane(path)


def test_the_two_mates_of_pairs_as_two_lanes_are_refused(tmp_path):
    first, second = lane(tmp_path, "1.fq", "ACGT", mate="/1"), lane(tmp_path, "2.fq", "TTGG", mate="/2")
    with pytest.raises(InputError, match=r"2\.fq: found the reads of .*1\.fq again with other bases"):
        check_lone([first, second])
    check_lone([Lane(first.fastq_1, second.fastq_1)])


@pytest.mark.parametrize("mate", ["/2", " 2:N:0:ACGT"])
def test_one_mate_alone_is_told_and_used(tmp_path, capsys, mate):
    check_lone([lane(tmp_path, "2.fq", "ACGT", mate=mate)])
    assert "its reads are mates 2 of pairs" in capsys.readouterr().err


def test_single_reads_of_two_lanes_are_fine(tmp_path, capsys):
    check_lone([lane(tmp_path, "a.fq", "ACGT"), lane(tmp_path, "b.fq", "ACGA", reads=4)])
    assert capsys.readouterr().err == ""

"""Down-sampling keeps exactly the names that the name hash keeps."""

import pysam
import pytest

from seqmill.reads.names import keep_name
from seqmill.reads.subsample import subsample_bam
from tests.reads.sequencing import records


@pytest.mark.parametrize("fraction", [0.0, 0.3, 1.0])
def test_kept_are_the_pairs_of_kept_names(staged_bam, tmp_path, fraction):
    subsample_bam(staged_bam, tmp_path / "out.bam", fraction, 5)
    kept = [read.to_string() for read in records(tmp_path / "out.bam")]
    expected = [
        read.to_string()
        for read in records(staged_bam)
        if keep_name(read.query_name, fraction=fraction, seed=5)
    ]
    assert kept == expected
    assert abs(len(kept) - 600 * fraction) < 80


def test_deeper_holds_shallower(staged_bam, tmp_path):
    names = []
    for fraction in (0.2, 0.5, 0.8):
        subsample_bam(staged_bam, tmp_path / "out.bam", fraction, 5)
        names.append({read.query_name for read in records(tmp_path / "out.bam")})
    assert names[0] < names[1] < names[2]


def test_other_seed_keeps_others(staged_bam, tmp_path):
    subsample_bam(staged_bam, tmp_path / "one.bam", 0.5, 1)
    subsample_bam(staged_bam, tmp_path / "two.bam", 0.5, 2)
    one, two = ({read.query_name for read in records(tmp_path / f"{name}.bam")} for name in ("one", "two"))
    assert one != two


def test_output_is_indexed(staged_bam, tmp_path):
    subsample_bam(staged_bam, tmp_path / "out.bam", 0.5, 1)
    with pysam.AlignmentFile(str(tmp_path / "out.bam")) as handle:
        assert handle.count("chr2") > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.bam", "out.bam.bai"]

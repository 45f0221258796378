"""Genotypes as they are written, thresholds, and runs of sites."""

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.profiles.call_options import CallOptions
from seqmill.profiles.records import genotypes, opened, parsed, windows
from tests.profiles.genotyped import write_calls


@pytest.mark.parametrize(
    ("text", "genotype"),
    [
        ("0/1", (0, 1)),
        ("10|2", (10, 2)),
        (".", (None,)),
        ("./1", (None, 1)),
        ("1", (1,)),
        ("/0/1", (0, 1)),
        ("0/0/1", (0, 0, 1)),
    ],
)
def test_genotypes_as_they_are_written(text, genotype):
    assert parsed(text) == genotype


def test_thresholds_and_filters_refuse(tmp_path):
    rows = ["c1 2 . C T . low . GT:GQ:MIN_DP:DP 0/1:9:4:. 1/1:10:.:5 0/1"]
    with opened(str(write_calls(tmp_path / "v.vcf", ["a", "b", "c"], rows))) as handle:
        record = next(handle)
        found = genotypes(record, [0, 1, 2], CallOptions(min_gq=10, min_dp=5))
        kept = genotypes(record, [1], CallOptions(filtered="kept"))
    assert [found.distinct[number] for number in found.which] == [(0, 1), (1, 1), (0, 1)]
    assert {name: one.tolist() for name, one in found.refused.items()} == {
        "filtered": [True, True, True],
        "low_quality": [True, False, True],
        "low_depth": [True, False, True],
    }
    assert (kept.distinct, kept.refused) == ([(1, 1)], {})


def test_a_file_that_is_no_vcf_is_told(tmp_path):
    with pytest.raises(InputError, match="there is no such VCF"), opened(str(tmp_path / "none.vcf")):
        pass
    (tmp_path / "x.vcf").write_text("person\tx\n")
    with pytest.raises(InputError, match=r"x\.vcf: cannot be read as VCF"), opened(str(tmp_path / "x.vcf")):
        pass


def test_sites_far_apart_are_read_by_themselves():
    starts = np.array([5, 90, 200_000, 200_001, 900_000])
    ends = starts + np.array([150_000, 1, 1, 1, 1])
    assert windows(starts, ends) == [slice(0, 4), slice(4, 5)]
    assert windows(starts, starts + 1) == [slice(0, 2), slice(2, 4), slice(4, 5)]

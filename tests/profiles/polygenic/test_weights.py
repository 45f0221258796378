"""Scoring files, and each mistake in them named."""

import gzip
import math
from pathlib import Path

import pytest

from seqmill.errors import ConfigErrors, InputError
from seqmill.profiles.polygenic.weights import read_weights
from tests.profiles.polygenic import small


def test_places_alleles_and_weights_are_read(tmp_path):
    found = read_weights(small.write(tmp_path)[0])
    assert (found.name, found.build) == ("PGS000000", "GRCh38")
    first = found.weights[0]
    assert first[:5] == ("1", 99, "C", "A", 0.5)
    assert math.isnan(first.frequency)
    assert len(found.weights) == 5


def test_a_compressed_file_holds_the_same(tmp_path):
    path, _ = small.write(tmp_path)
    with gzip.open(f"{path}.gz", "wt") as handle:
        handle.write(Path(path).read_text())
    plain, packed = read_weights(path), read_weights(f"{path}.gz")
    assert [one[:5] for one in packed.weights] == [one[:5] for one in plain.weights]


def test_harmonised_places_count_before_those_of_the_author(tmp_path):
    columns = small.COLUMNS.rstrip("\n") + "\thm_chr\thm_pos\n"
    rows = "a\t1\t100\tC\tA\t0.5\t1\t120\nb\t1\t200\tC\tA\t0.5\t\t\n"
    path, _ = small.write(tmp_path, rows, columns=columns)
    Path(path).write_text("#HmPOS_build=GRCh37\n" + Path(path).read_text())
    found = read_weights(path)
    assert found.build == "GRCh37"
    assert [one.start for one in found.weights] == [119, -1]
    assert found.weights[1].contig == ""


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ("a\t1\t0\tC\tA\t1\n", "chr_position: found '0'"),
        ("a\t1\tx\tC\tA\t1\n", "chr_position: found 'x'"),
        ("a\t1\t5\tP\tA\t1\n", "effect_allele: found 'P'"),
        ("a\t1\t5\tA\tA\t1\n", "other_allele: found 'A'"),
        ("a\t1\t5\tC\tA\tinf\n", "effect_weight: found 'inf'"),
        ("a\t1\t5\tC\tA\t\n", "effect_weight: found nothing"),
    ],
)
def test_wrong_lines_are_named(tmp_path, rows, named):
    with pytest.raises(ConfigErrors, match="line 4") as error:
        read_weights(small.write(tmp_path, rows)[0])
    assert named in str(error.value)


def test_weights_that_are_no_sums_over_alleles_are_refused(tmp_path):
    columns = small.COLUMNS.rstrip("\n") + "\tis_recessive\n"
    path, _ = small.write(tmp_path, "a\t1\t5\tC\tA\t1\tTrue\n", columns=columns)
    with pytest.raises(InputError, match="is_recessive"):
        read_weights(path)


def test_an_allele_with_two_weights_is_refused(tmp_path):
    path, _ = small.write(tmp_path, small.ROWS + "again\t1\t100\tA\tC\t0.25\n")
    with pytest.raises(InputError, match="1:100 C/A has several weights"):
        read_weights(path)


def test_a_missing_column_is_named(tmp_path):
    path, _ = small.write(tmp_path, columns=small.COLUMNS.replace("effect_weight", "beta"))
    with pytest.raises(InputError, match="no column 'effect_weight'"):
        read_weights(path)

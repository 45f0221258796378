"""Names that differ by their prefix alone, and names that have nothing in common."""

import pytest

from seqmill.errors import InputError
from seqmill.genome.names import check_names, renamed, some, synonym, synonyms


@pytest.mark.parametrize(
    ("name", "rule", "known", "new"),
    [
        ("1", "chr", ("chr1",), "chr1"),
        ("chr1", "nochr", ("1",), "1"),
        ("chr1", "chr", ("1",), "chr1"),
        ("1", "chr", ("1", "chr1"), "1"),
        ("MT", "chr", ("chrM",), "chrM"),
        ("chrM", "nochr", ("MT",), "MT"),
        ("decoy", "chr", ("chr1",), "decoy"),
        ("christmas", "nochr", ("istmas",), "istmas"),
    ],
)
def test_a_rule_maps_a_name_only_where_the_new_one_is_known(name, rule, known, new):
    assert renamed(name, rule, dict.fromkeys(known, 9)) == new


@pytest.mark.parametrize(
    ("name", "known", "held"),
    [
        ("chr1", ("chr1", "1"), "chr1"),
        ("chrI", ("I",), "I"),
        ("I", ("chrI",), "chrI"),
        ("M", ("chrMT",), "chrMT"),
        ("chrM", ("chrMT",), "chrMT"),
        ("2-micron", ("chrI",), None),
    ],
)
def test_a_synonym_is_a_name_of_the_reference(name, known, held):
    assert synonym(name, dict.fromkeys(known, 9)) == held


@pytest.mark.parametrize(
    ("names", "known", "message"),
    [
        (("1", "2"), ("chr1", "chr2"), "2 of its contigs .* found '1', '2', wanted 'chr1', 'chr2'; rename"),
        (("chr1",), ("1",), r".*found 'chr1', wanted '1'; rename .*sed 's/\^chr//'"),
        (("chr1", "2"), ("chr1", "chr2"), "1 of its contigs"),
        (("scaffold_1",), ("chr1",), "shares no contig with ref.fa: found 'scaffold_1', wanted 'chr1'"),
    ],
)
def test_other_names_are_told_with_what_to_do(names, known, message):
    with pytest.raises(InputError, match=f"truth.vcf: {message}"):
        check_names("truth.vcf", names, dict.fromkeys(known, 9), reference="ref.fa")


@pytest.mark.parametrize("names", [(), ("chr1",), ("chr1", "chr1", "decoy")])
def test_a_file_may_hold_contigs_that_the_reference_lacks(names):
    check_names("truth.vcf", names, {"chr1": 9, "chr2": 9}, reference="ref.fa")


def test_long_lists_are_cut():
    assert some(["a", "b", "c"]) == "'a', 'b', 'c'"
    assert some(["a", "b", "c", "d", "e"]) == "'a', 'b', 'c' and 2 more"


def test_synonyms_are_told_for_contigs_that_the_reference_lacks():
    known = {"chr1": 9, "chrMT": 9, "2": 9}
    assert synonyms(["chr1", "1", "chrM", "MT", "chr2", "chrX"], known) == {
        "1": "chr1",
        "chrM": "chrMT",
        "MT": "chrMT",
        "chr2": "2",
    }

"""Order and names of cells."""

from seqmill.comparison.cells import group_of, grouped, in_order, in_words, leaf_of

SIZES = {
    "noisy.5x.indel": 7,
    "clean.10x.indel": 7,
    "clean.10x.snp": 90,
    "clean.5x.snp": 90,
    "clean.5x.indel": 7,
}
ORDER = ["clean.5x.snp", "clean.10x.snp", "clean.5x.indel", "clean.10x.indel", "noisy.5x.indel"]


def test_largest_kind_first_then_condition_then_depth_as_a_number():
    assert in_order(SIZES) == ORDER


def test_groups_and_leaves():
    assert grouped(ORDER) == [
        ("snp · clean", ["clean.5x.snp", "clean.10x.snp"]),
        ("indel · clean", ["clean.5x.indel", "clean.10x.indel"]),
        ("indel · noisy", ["noisy.5x.indel"]),
    ]
    assert [leaf_of(cell) for cell in ORDER[:2]] == ["5x", "10x"]


def test_shorter_names():
    assert (group_of("full.snp"), leaf_of("full.snp")) == ("snp", "full")
    assert (group_of("snp"), leaf_of("snp")) == ("snp", "all")


def test_in_words():
    assert in_words(ORDER[1:4]) == "snp clean 10x; indel clean 5x, 10x"
    assert in_words(["snp"]) == "snp"

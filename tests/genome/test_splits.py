import pytest

from seqmill.errors import ConfigErrors
from seqmill.genome.splits import Splits

PLAN = {
    "train": {"samples": ["ada", "bo"], "contigs": ["c1", "c2"]},
    "test": {"samples": ["eve", "ada"], "contigs": ["c3"]},
}


@pytest.mark.parametrize(
    ("sample", "contig", "split"),
    [
        ("ada", "c1", "train"),
        ("ada", "c3", "test"),
        ("eve", "c3", "test"),
        ("eve", "c1", None),
        ("bo", "c3", None),
        ("zoe", "c1", None),
    ],
)
def test_a_split_needs_both_sample_and_contig(sample, contig, split):
    assert Splits(PLAN).of(sample, contig) == split


def test_what_a_split_and_a_sample_hold():
    splits = Splits(PLAN)
    assert splits.names == ("train", "test")
    assert splits.samples("test") == ("eve", "ada")
    assert splits.contigs("train") == ("c1", "c2")
    assert splits.contigs_of("ada") == ("c1", "c2", "c3")
    assert Splits(splits.as_dict()).as_dict() == splits.as_dict()


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({}, "wanted a mapping"),
        ({"train": {"samples": ["a"], "contigs": ["c"]}, "test": {"samples": ["a"], "contigs": ["c"]}},
         r"contig 'c' \(of sample a\) is in two splits, train and test"),
        ({"train": {"samples": ["a"], "contigs": ["c"]}, "test": {"samples": ["b"], "contigs": ["c"]}},
         "contig 'c' is in two splits"),
        ({"train": {"sample": ["a"], "contigs": ["c"]}}, "did you mean 'samples'"),
        ({"train": {"samples": ["a"]}}, "train.contigs: None found"),
        ({"train": {"samples": [], "contigs": ["c"]}}, "train.samples: empty"),
        ({"train": {"samples": ["a", "a"], "contigs": ["c"]}}, "'a' is listed 2 times"),
        ({"train": {"samples": "a", "contigs": ["c"]}}, "'a' found, wanted a list"),
        ({"train": ["a"]}, "wanted the keys"),
    ],
)  # fmt: skip
def test_mistakes_are_named(plan, message):
    with pytest.raises(ConfigErrors, match=message):
        Splits(plan)


def test_all_mistakes_come_at_once():
    with pytest.raises(ConfigErrors) as error:
        Splits({"train": {"samples": [], "contigs": ["c"]}, "test": {"samples": ["b"], "contig": ["c"]}})
    assert len(error.value.problems) == 3

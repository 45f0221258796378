"""The share of reads behind a nominal depth."""

import pytest

from seqmill.errors import InputError
from seqmill.reads.depths import keep_fraction


@pytest.mark.parametrize(
    ("depth", "mean", "share"),
    [("full", 12.0, 1.0), ("10", 40.0, 0.25), ("30", 30.0, 1.0), ("30", 28.0, 1.0)],
)
def test_share(depth: str, mean: float, share: float) -> None:
    assert keep_fraction(depth, mean, "ada") == share


def test_more_than_there_is_names_both_depths() -> None:
    with pytest.raises(InputError, match=r"sample ada: depth 30 asked for, mean depth 20\.0 measured"):
        keep_fraction("30", 20.0, "ada")

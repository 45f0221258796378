"""Options that do not fit together are refused, and an encoding gives them back."""

import pytest

from seqmill.applications.methylation.spec import Options, encoding, options_of
from seqmill.errors import InputError


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"marks": ("5mc",)}, r"options.marks: found '5mc'.*5mC"),
        ({"marks": ()}, r"options.marks: found \[\], want at least one"),
        ({"contexts": ("CpG", "CpG")}, "options.contexts: found"),
        ({"window": 40}, "options.window: found 40, want an odd number"),
        ({"source": "bisulfite", "marks": ("6mA",)}, "options.marks: found 6mA, want 5mC alone"),
    ],
)
def test_options_that_do_not_fit_are_refused(given, said):
    with pytest.raises(InputError, match=said):
        Options(**given)


def test_an_encoding_gives_its_options_back():
    options = Options(marks=("6mA", "5mC"), window=41)
    assert options_of(encoding(options).options) == options
    assert options.bases == ("A", "C")

"""Options that do not go together are told when the plan is read."""

import pytest

from seqmill.profiles.call_options import BurdenOptions, DosageOptions, EffectOptions
from seqmill.typed import build


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        (BurdenOptions, {"annotation": "a", "reference": "r", "classes": ["nonsense"]}, "classes: found"),
        (BurdenOptions, {"annotation": "a"}, "annotation, reference: both are needed"),
        (EffectOptions, {"effects": "e", "annotation": "a", "regions": "b"}, "found both"),
        (DosageOptions, {"sites": "s", "min_match": 0.0}, "min_match: found 0.0, want more than 0.0"),
        (DosageOptions, {}, "sites: no value"),
        (DosageOptions, {"sites": "s", "swapped": "flip"}, "want one of refuse, fix"),
    ],
)
def test_mistakes(kind, content, words):
    problems = []
    assert build(kind, content, path="options", problems=problems) is None
    assert any(words in one for one in problems), problems

"""The sentence says what it has to."""

from seqmill.profiles.notice import NOTICE


def test_it_says_research_and_no_advice():
    assert "Research use only" in NOTICE
    assert "no medical advice" in NOTICE

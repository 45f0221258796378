"""Remarks go to stderr."""

from seqmill.reads.notice import notice


def test_notice(capsys):
    notice("the index was built")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "note: the index was built\n")

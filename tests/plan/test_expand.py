"""Variables in paths."""

from seqmill.plan.expand import expanded


def test_variables_are_filled_in_at_any_depth(monkeypatch):
    monkeypatch.setenv("DEPOT", "/far")
    problems: list[str] = []
    found = expanded({"a": "$DEPOT/x", "b": {"c": "${DEPOT}s"}, "d": None, "e": 3}, problems, where="files")
    assert found == {"a": "/far/x", "b": {"c": "/fars"}, "d": None, "e": 3}
    assert problems == []


def test_each_variable_that_is_not_set_is_told(monkeypatch):
    monkeypatch.delenv("NOWHERE", raising=False)
    problems: list[str] = []
    assert expanded({"mask": "$NOWHERE/m.bed"}, problems, where="files") == {"mask": "$NOWHERE/m.bed"}
    assert problems == ["files.mask: the environment variable NOWHERE is not set; set it, or write the path"]

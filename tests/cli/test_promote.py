"""``seqmill promote`` says plainly what it did."""

import pytest
from click.testing import CliRunner

from seqmill.cli.promote import command
from seqmill.comparison import promote as module
from seqmill.files import read_json

VERDICT = {
    "promoted": True,
    "reason": "it beats the champion: the 95 % interval of the difference is [+0.0100, +0.0300]",
    "model": "seqmill-demo",
    "version": 2,
    "metric": "f1.allele.overall",
    "value": 0.95,
    "champion": {"value": 0.93},
}


@pytest.mark.parametrize(
    ("changes", "last"),
    [
        ({}, "models:/seqmill-demo/2 is now the champion"),
        ({"promoted": False}, "models:/seqmill-demo/2 was registered, but is not the champion"),
        ({"promoted": False, "champion": None}, "models:/seqmill-demo/2 stays the champion"),
    ],
)
def test_the_verdict_is_told_and_written(monkeypatch, tmp_path, changes, last):
    seen = {}

    def promote(run, uri, **options):
        seen.update(options, run=run, uri=uri)
        return VERDICT | changes

    monkeypatch.setattr(module, "promote", promote)
    output = tmp_path / "verdict.json"
    arguments = ["a", "--tracking-uri", "sqlite:///s.db", "--level", "0.99", "--output", str(output)]
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    first, second = result.output.splitlines()
    assert first.startswith("f1.allele.overall 0.9500")
    assert VERDICT["reason"] in first
    assert second == last
    assert (seen["run"], seen["level"], seen["name"]) == ("a", 0.99, None)
    assert read_json(output)["version"] == 2

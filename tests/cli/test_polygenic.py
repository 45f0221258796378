"""The verb tells the match rate first, and writes scores with their report."""

import json

from click.testing import CliRunner

from seqmill.cli.main import cli
from tests.profiles.polygenic import small


def test_scores_are_written_with_their_report(tmp_path):
    output = tmp_path / "out" / "scores.tsv"
    arguments = ["polygenic", *small.write(tmp_path), "--output", str(output)]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    assert "5 of 5 weights used (100.0%)" in result.output.splitlines()[0]
    rows = [line.split("\t") for line in output.read_text().splitlines()]
    assert rows[0] == ["person", "score", "called"]
    assert {row[0]: float(row[1]) for row in rows[1:]} == small.SCORES
    assert json.loads((tmp_path / "out" / "scores.report.json").read_text())["people"] == 3

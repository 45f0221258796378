"""``seqmill scan`` fails with files and lines of the list, and says what it looked at."""

import pytest
from click.testing import CliRunner

from seqmill.cli.main import cli
from seqmill.errors import InputError
from seqmill.files import read_json


@pytest.fixture
def run(tmp_path):
    (tmp_path / "list.txt").write_text("MaryMajor\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.txt").write_text("nobody")

    def of(**options):
        arguments = ["scan", str(tmp_path / "out"), "--identifiers", str(tmp_path / "list.txt")]
        arguments += ["--output", str(tmp_path / "scan.json")]
        return CliRunner().invoke(cli, arguments, **options)

    return of


def test_what_was_looked_at_is_told(run, tmp_path):
    result = run(catch_exceptions=False)
    assert result.output == "none of 1 identifiers in 1 files (6 bytes)\n"
    assert read_json(tmp_path / "scan.json") == {"bytes": 6, "files": 1, "identifiers": 1}


def test_a_hit_is_an_error_and_nothing_is_written(run, tmp_path):
    (tmp_path / "out" / "report.txt").write_text("marymajor")
    with pytest.raises(InputError, match=r"report.txt: holds line 1 \(\*{9}\)"):
        run(catch_exceptions=False, standalone_mode=False)
    assert not (tmp_path / "scan.json").exists()


def test_a_store_needs_its_experiment(tmp_path):
    (tmp_path / "list.txt").write_text("MaryMajor\n")
    arguments = [
        "scan",
        str(tmp_path),
        "--identifiers",
        str(tmp_path / "list.txt"),
        "--tracking-uri",
        "http://x",
    ]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 2 and "together" in result.output

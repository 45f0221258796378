"""The verb tells what it found."""

from click.testing import CliRunner

from seqmill.cli.main import cli
from tests.association.conftest import index  # noqa: F401 - the fixture


def test_what_was_found_is_told(index, tmp_path):  # noqa: F811
    arguments = ["associate", str(index), "--sample", "cohort", "--label", "tall", "--block", "dosage"]
    arguments += [
        "--folds",
        "person_0",
        "person_1",
        "person_2",
        "--covariates",
        "covariates",
        "--components",
        "2",
    ]
    result = CliRunner().invoke(cli, [*arguments, "--output", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("tall: 119 of 120 features tested in ")
    assert "found at 5 %: p_bonferroni 1, q " in result.output
    assert (tmp_path / "associations.html").is_file()

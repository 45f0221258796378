"""The verb tells what it made and what it left out."""

from click.testing import CliRunner

from seqmill.cli.main import cli
from tests.profiles import cohort


def test_what_was_made_and_left_out_is_told(tmp_path):
    plan = cohort.write(tmp_path)
    result = CliRunner().invoke(cli, ["profiles", str(plan), "--output", str(tmp_path / "raw")])
    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == [
        "profiles: 5 (expression 2, dosage 3), left out: all missing 2",
        "molecules: 4 (length 1)",
        "screen: 5 labelled rows, left out: unknown profile 1, unknown molecule 1, no label 1, repeated 1",
    ]
    assert (tmp_path / "raw" / "profiles.json").is_file()

"""The verb tells how many relatives there are."""

from click.testing import CliRunner

from seqmill.cli.main import cli
from tests.profiles.test_ancestry import TRAIN, index  # noqa: F401 - the fixture
from tests.profiles.test_apart import made  # noqa: F401 - the fixture


def test_relatives_and_components_are_told(index, tmp_path):  # noqa: F811
    arguments = ["ancestry", str(index), "--kinship", "0.15", "--train", *TRAIN, "--output", str(tmp_path)]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    assert result.output.startswith(
        "60 people at 1,000 sites: 10 pairs of relatives, 50 families; components"
    )

"""``seqmill compose`` prints or writes, and writes nothing for a wrong configuration."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from seqmill.cli.compose import command
from seqmill.errors import ConfigErrors

HYDRA = str(Path(__file__).parents[2] / "config" / "hydra")


def run(*arguments):
    return CliRunner().invoke(
        command, [*arguments, "--config-dir", HYDRA], catch_exceptions=False, standalone_mode=False
    )


def test_it_prints_the_whole_configuration():
    content = yaml.safe_load(run("experiment=scalars", "trainer.epochs=4").stdout)
    assert (content["experiment"], content["trainer"]["epochs"], content["seed"]) == ("scalars", 4, "???")


def test_it_writes_the_same_file_twice(tmp_path):
    for name in ("a", "b"):
        assert run("experiment=scalars", "--output", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_nothing_is_written_for_a_misspelt_key(tmp_path):
    with pytest.raises(ConfigErrors, match=r"did you mean 'epochs'"):
        run("experiment=scalars", "trainer.epoch=4", "--output", str(tmp_path / "a"))
    assert not list(tmp_path.iterdir())


def test_a_configuration_is_checked_without_heavy_packages():
    code = (
        "import sys\nfrom pathlib import Path\nfrom seqmill.training.compose import compose\n"
        f"compose(['experiment=pileup_cnn'], Path({HYDRA!r}), open_keys=True)\n"
        "print({'torch', 'numba', 'pyarrow', 'mlflow', 'pysam', 'pandas'} & sys.modules.keys())"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "set()\n"

"""Run Snakemake on the repository's workflow in a folder of its own."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., str]


def call_snakemake(
    workdir: Path,
    *args: str,
    config: str = "config/demo/config.yaml",
    fails: bool = False,
    python: str = sys.executable,
) -> str:
    """Call Snakemake in `workdir`; give all it printed."""
    command = [python, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
    command += ["--directory", str(workdir), "--configfile", str(workdir / config), *args]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")}
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd=workdir,
        env=environment,
    )
    assert (done.returncode != 0) == fails, done.stdout
    return done.stdout


@pytest.fixture
def workdir(tmp_path: Path) -> Path:
    """Give a folder with a copy of the configuration, in which everything is written."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return tmp_path


@pytest.fixture
def snakemake(workdir: Path) -> Run:
    """Call Snakemake in `workdir` with the demo's configuration."""

    def run(*args: str, **options) -> str:
        return call_snakemake(workdir, *args, **options)

    return run


def job_counts(output: str) -> dict[str, int]:
    """Read the last table of job counts that a dry run prints."""
    tables = re.findall(r"^job +count\n-+ +-+\n(.*?)\n\n", output, flags=re.M | re.S)
    if not tables:
        return {}
    rows = (line.split() for line in tables[-1].splitlines())
    return {name: int(count) for name, count in rows if name != "total"}


def outputs(dry_run: str) -> list[str]:
    """List the output files of all jobs of a dry run."""
    lines = re.findall(r"^    output: (.*)$", dry_run, flags=re.M)
    return [path for line in lines for path in line.split(", ")]

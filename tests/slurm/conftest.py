"""The private cluster, and Snakemake that submits to it with the shipped profile."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.slurm.cluster import Cluster, missing
from tests.workflow.conftest import ROOT


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A Slurm of three nodes, started once."""
    if reason := missing():
        pytest.skip(reason)
    private = Cluster(tmp_path_factory.mktemp("slurm") / "cluster")
    try:
        private.start()
        yield private
    finally:
        private.stop()


def write_profile(folder: Path, **changes: Any) -> Path:
    """Write the shipped profile for this cluster: other partitions, threads and seconds between looks.

    Keyword arguments change further keys of the file.
    """
    profile = yaml.safe_load((ROOT / "profiles" / "slurm" / "config.yaml").read_text())
    for resources in (profile["default-resources"], *profile["set-resources"].values()):
        resources |= {"slurm_partition": "gpu" if "gpu" in resources else "cpu"}
    profile["set-threads"] = dict.fromkeys(profile["set-threads"], 1)
    waiting = {"slurm-init-seconds-before-status-checks": 1, "seconds-between-status-checks": 1}
    profile |= {"jobs": 4, "latency-wait": 10, **waiting, **changes}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text(yaml.safe_dump(profile))
    return folder


class Snakemake:
    """Calls of Snakemake in one folder, on the cluster.

    Parameters
    ----------
    cluster : Cluster
        Where jobs are submitted.
    workdir : Path
        The working directory.
    config : str
        The configuration file, seen from there.
    profile : dict
        Changes of the shipped profile.
    environment : dict
        Further variables, which the jobs get too.
    """

    def __init__(
        self,
        cluster: Cluster,
        workdir: Path,
        config: str,
        *,
        profile: dict[str, Any] | None = None,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.workdir = workdir
        self._cluster = cluster
        self._config = workdir / config
        self._profile = write_profile(workdir / "profile", **(profile or {}))
        self._environment = cluster.environment | {"OMP_NUM_THREADS": "1"} | (environment or {})

    def start(self, *args: str) -> subprocess.Popen[str]:
        """Start a call."""
        command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "Snakefile")]
        command += ["--directory", str(self.workdir), "--configfile", str(self._config)]
        command += ["--workflow-profile", str(self._profile), *args]
        return subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.workdir,
            env=self._environment,
        )

    def __call__(self, *args: str, fails: bool = False) -> str:
        """Call Snakemake; give all it printed."""
        process = self.start(*args)
        said, _ = process.communicate()
        assert (process.returncode != 0) == fails, said
        return said

    def jobs(self, rule: str = "") -> list[dict[str, str]]:
        """Give the jobs that were submitted from here, in order: all, or those of one rule."""
        ours = [job for job in self._cluster.jobs() if Path(job["WorkDir"]) == self.workdir]
        return [job for job in ours if rule in ("", rule_of(job))]


def rule_of(job: dict[str, str]) -> str:
    """Give the rule of a job: Snakemake's plugin names it in the comment."""
    return job["Comment"].removeprefix("rule_").split("_wildcards_")[0]

"""The private cluster, and Snakemake that submits to it with the shipped profile."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.slurm.cluster import Cluster, missing
from tests.workflow.conftest import ROOT

CALL_S = 900.0
HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A Slurm of three nodes, started once; with ``-s`` it ends by saying what it has been through."""
    if reason := missing():
        pytest.skip(reason)
    private = Cluster(tmp_path_factory.mktemp("slurm") / "cluster")
    try:
        private.start()
        yield private
        print(f"\n{private.tally()}")
    finally:
        private.stop()


def write_profile(folder: Path, resources: Mapping[str, Any], **changes: Any) -> Path:
    """Write the shipped profile for this cluster: other partitions, threads and waits.

    `resources` changes those of single rules, keyword arguments further keys of the file.
    """
    profile = yaml.safe_load((ROOT / "profiles" / "slurm" / "config.yaml").read_text())
    for own in (profile["default-resources"], *profile["set-resources"].values()):
        own |= {"slurm_partition": "gpu" if "gpu" in own else "cpu"}
    for rule, own in resources.items():
        profile["set-resources"][rule] |= own
    profile["set-threads"] = dict.fromkeys(profile["set-threads"], 1)
    first = {"slurm-init-seconds-before-status-checks": 1}
    profile |= {"jobs": 4, "latency-wait": 10, **first, **changes}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text(yaml.safe_dump(profile))
    return folder


class Call:
    """A call that goes on in the background."""

    def __init__(self, command: list[str], workdir: Path, environment: dict[str, str]) -> None:
        with tempfile.NamedTemporaryFile(dir=workdir, prefix="said.", delete=False) as said:
            self._said = Path(said.name)
            self.process = subprocess.Popen(command, stdout=said, stderr=said, cwd=workdir, env=environment)

    @property
    def said(self) -> str:
        """What it has printed so far."""
        return self._said.read_text()

    def finish(self, *, fails: bool = False) -> str:
        """Wait for its end; give all it printed."""
        assert (self.process.wait(timeout=CALL_S) != 0) == fails, self.said
        return self.said

    def kill(self) -> None:
        """End it without a word."""
        self.process.kill()
        self.process.wait()


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
    resources : dict
        Changes of its resources, by rule.
    environment : dict
        Further variables, which the jobs get too.
    """

    def __init__(
        self,
        cluster: Cluster,
        workdir: Path,
        config: str,
        *,
        profile: Mapping[str, Any] | None = None,
        resources: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.workdir = workdir
        self._cluster = cluster
        self._config = workdir / config
        self._profile = write_profile(workdir / "profile", resources or {}, **(profile or {}))
        self._environment = cluster.environment | {"OMP_NUM_THREADS": "1"} | dict(environment or {})

    def start(self, *args: str) -> "Call":
        """Start a call, and go on."""
        command = ["setpriv", "--pdeathsig", "KILL", sys.executable, str(HERE / "watchful.py")]
        command += ["--snakefile", str(ROOT / "Snakefile")]
        command += ["--directory", str(self.workdir), *args, "--configfile", str(self._config)]
        command += ["--workflow-profile", str(self._profile)]
        return Call(command, self.workdir, self._environment)

    def __call__(self, *args: str, fails: bool = False) -> str:
        """Call Snakemake; give all it printed."""
        return self.start(*args).finish(fails=fails)

    def jobs(self, rule: str = "") -> list[dict[str, str]]:
        """Give the jobs that were submitted from here, in order: all, or those of one rule."""
        ours = [job for job in self._cluster.jobs() if Path(job["WorkDir"]) == self.workdir]
        return [job for job in ours if rule in ("", rule_of(job))]


def rule_of(job: dict[str, str]) -> str:
    """Give the rule or group of a job: Snakemake's plugin names it in the comment."""
    return job["Comment"].removeprefix("rule_").split("_wildcards_")[0]


@pytest.fixture(scope="session")
def allocations(cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Call]]:
    """A training of more steps than two jobs have time for, told to a server, while others are tested.

    It keeps to one of the nodes with GPUs, so that the other one can be ill-treated.
    """
    from tests.slurm.toys import Toys
    from tests.tracking.server import mlflow_server

    folder = tmp_path_factory.mktemp("server")
    with mlflow_server(f"sqlite:///{folder}/mlflow.db", folder) as uri:
        toys = Toys(
            cluster,
            tmp_path_factory.mktemp("allocations") / "work",
            epochs=26,  # two jobs have 54 s each for it
            step_s=0.5,
            uri=uri,
            resources={"train": {"runtime": 1}},
            profile={"slurm-exclude-failed-nodes": "n1", "retries": 6},
        )
        call = toys.start(*toys.target)
        yield toys, call
        if call.process.poll() is None:
            call.kill()

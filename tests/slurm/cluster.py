"""A private Slurm cluster of three nodes on one machine; each node can lose its power, or a file of its own.

The controller and each node live in namespaces of their own. So a node has its host name, its processes and
its mounts, and all of it ends with the process that started it, however that one ends.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

NODES = {"n1": 2, "n2": 2, "n3": 0}
"""GPUs of each node."""

GPU_NODES = {name for name, gpus in NODES.items() if gpus}
CONTROLLER = "controller"
WAIT_S = 60.0
_NAMESPACES = ("unshare", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--uts")
_COMMANDS = ("sacct", "sbatch", "scancel", "scontrol", "sinfo", "squeue", "srun")
_CONFIG = """
ClusterName=private
SlurmctldHost={controller}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SlurmctldPidFile={folder}/run/slurmctld.pid
SlurmdPidFile={folder}/run/slurmd.%n.pid
SlurmdSpoolDir={folder}/spool/%n
StateSaveLocation={folder}/state
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/slurmd.%n.log
ReturnToService=2
SlurmdTimeout=5
KillWait=30
OverTimeLimit=1
MinJobAge=3600
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory,CR_LLN
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobRequeue=1
GresTypes=gpu
SlurmdParameters=config_overrides
TaskProlog={folder}/prolog
"""


def missing() -> str:
    """Say why no cluster can be started; empty when one can."""
    programs = ("slurmctld", "slurmd", "sbatch", "unshare", "setpriv")
    if absent := [name for name in programs if shutil.which(name) is None]:
        return f"no {', '.join(absent)} found (Debian packages slurm-wlm and util-linux)"
    if os.getuid() != 0:
        return "the nodes of a private cluster are started as root only"
    if subprocess.run([*_NAMESPACES, "true"], capture_output=True, check=False).returncode:
        return "no namespaces can be made here, so that nodes cannot be kept apart"
    return ""


class Cluster:
    """A controller and three nodes: partition ``cpu`` is n3, ``gpu`` is n1 and n2, ``all`` has all three.

    Parameters
    ----------
    folder : Path
        Where all of it lies: configuration, state, logs.
    cpus : int
        Processors that each node says to have.
    """

    def __init__(self, folder: Path, *, cpus: int = 8) -> None:
        self.folder = folder
        self._cpus = cpus
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._killed: Counter[str] = Counter()
        self._ports = _free_ports(1 + len(NODES))
        for name in ("bin", "dev", "log", "run", "spool", "state", "tmp"):
            (folder / name).mkdir(parents=True)
        self._write()

    @property
    def environment(self) -> dict[str, str]:
        """What a login shell of this cluster has: its commands are the first in the path.

        Commands are scripts that name the configuration, since Snakemake's Slurm plugin takes every variable
        whose name begins with SLURM_ from its jobs.
        """
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("SLURM", "MLFLOW_"))}
        return kept | {"PATH": f"{self.folder / 'bin'}:{kept['PATH']}"}

    def start(self) -> None:
        """Start everything and wait until all nodes are idle."""
        self.start_controller()
        for name in NODES:
            self._launch_node(name, {})
        self._wait("all nodes are idle", lambda: all(self.state(name) == "idle" for name in NODES))

    def stop(self) -> None:
        """End everything, jobs included."""
        for name in list(self._running):
            self._end(name)

    def start_controller(self) -> None:
        """Start the controller, which goes on with the jobs that it knew."""
        self._launch(CONTROLLER, ["slurmctld", "-D", "-f", str(self.config)], {})
        self._wait("the controller answers", lambda: not self._call("scontrol", "ping").returncode)

    def start_node(self, name: str, *, mounts: Mapping[Path, str] | None = None) -> None:
        """Start a node and wait until it is idle.

        Parameters
        ----------
        name : str
            One of `NODES`.
        mounts : mapping, optional
            Folders that are a file system of this node's own -> options of the tmpfs, such as ``size=1m``.
        """
        self._launch_node(name, mounts or {})
        self._wait(f"{name} answers", lambda: self.state(name) in ("idle", "mix", "alloc"))

    def kill(self, name: str) -> None:
        """Take the power from a node or the controller: all its processes end at once, without a word."""
        self._killed[name] += 1
        self._end(name)

    def state(self, node: str) -> str:
        """Give what the controller thinks of a node: idle, mix, alloc, down, ...; with ``*``: no answer."""
        return self._call("sinfo", "--noheader", "--nodes", node, "--format", "%t").stdout.split("\n")[0]

    def jobs(self) -> list[dict[str, str]]:
        """Give all jobs of this cluster, in the order of their submission, as ``scontrol`` shows them."""
        said = self("scontrol", "--oneliner", "--all", "show", "jobs")
        found = [dict(re.findall(r"(\S+?)=(\S*)", line)) for line in said.splitlines() if "JobId=" in line]
        return sorted(found, key=lambda job: int(job["JobId"]))

    def tally(self) -> str:
        """Say how many jobs there were, how they ended, and how often power was taken."""
        jobs = self.jobs()
        nodes = {job["NodeList"] for job in jobs} & NODES.keys()
        again = len(jobs) - len({(job["WorkDir"], job["Comment"]) for job in jobs})
        ended = ", ".join(f"{count} {name}" for name, count in Counter(j["JobState"] for j in jobs).items())
        kills = ", ".join(f"{name} {count}" for name, count in sorted(self._killed.items())) or "none"
        return (
            f"{len(jobs)} jobs on {len(nodes)} nodes ({ended}), {again} of them submitted again; "
            f"power taken {self._killed.total()} times ({kills})"
        )

    def tasks(self) -> list[dict[str, str]]:
        """Give what each task found in its environment when it began: its job, its node and its GPUs."""
        path = self.folder / "tasks"
        lines = path.read_text().splitlines() if path.exists() else []
        return [dict(zip(("JobId", "node", "gpus"), line.split("\t"), strict=True)) for line in lines]

    def on(self, node: str, *command: str) -> None:
        """Run a command of the system's in the namespaces of a node."""
        process = self._running[node].pid
        first = Path(f"/proc/{process}/task/{process}/children").read_text().strip()
        subprocess.run(["nsenter", "--target", first, "--pid", "--mount", *command], check=True)

    def __call__(self, *command: str) -> str:
        """Run a command of Slurm; give what it printed."""
        done = self._call(*command)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "slurm.conf"

    def _call(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / "bin" / command[0], *command[1:]],
            capture_output=True,
            text=True,
            check=False,
            timeout=WAIT_S,
        )

    def _end(self, name: str) -> None:
        process = self._running.pop(name)
        process.kill()
        process.wait()

    def _launch_node(self, name: str, mounts: Mapping[Path, str]) -> None:
        self._launch(name, ["slurmd", "-D", "-N", name, "-f", str(self.config)], mounts)

    def _launch(self, name: str, command: list[str], mounts: Mapping[Path, str]) -> None:
        """Start a program as the only inhabitant of its namespaces.

        A shell is the first process there, since that one has to reap what jobs leave behind.
        """
        lines = [f"hostname {name}", f"mount --bind {self.folder / 'hosts'} /etc/hosts"]
        lines += [f"mount -t tmpfs -o {options} tmpfs {path}" for path, options in mounts.items()]
        script = "\n".join(["set -e", *lines, f"{' '.join(command)} &", "wait"])
        with open(self.folder / "log" / f"{name}.out", "ab") as log:
            self._running[name] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *_NAMESPACES, "sh", "-c", script],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=self.environment | {"TMPDIR": str(self.folder / "tmp")},
            )

    def _wait(self, what: str, is_true: Callable[[], bool]) -> None:
        ends = time.monotonic() + WAIT_S
        while not is_true():
            ended = [name for name, process in self._running.items() if process.poll() is not None]
            if ended or time.monotonic() > ends:
                raise RuntimeError(f"waited in vain until {what}; ended: {ended}\n{self._logs()}")
            time.sleep(0.1)

    def _logs(self) -> str:
        logs = sorted((self.folder / "log").iterdir())
        return "\n".join(f"== {path.name}\n{path.read_text()[-2000:]}" for path in logs)

    def _write(self) -> None:
        port, *ports = self._ports
        lines = [_CONFIG.format(controller=CONTROLLER, port=port, folder=self.folder).strip()]
        for (name, gpus), node_port in zip(NODES.items(), ports, strict=True):
            gres = f" Gres=gpu:{gpus}" if gpus else ""
            lines.append(
                f"NodeName={name} NodeHostname={name} NodeAddr=127.0.0.1 Port={node_port}"
                f" CPUs={self._cpus} RealMemory=256000{gres}"
            )
        limits = "MaxTime=24:00:00 DefMemPerCPU=500"
        for name, nodes in {"all": NODES, "cpu": NODES.keys() - GPU_NODES, "gpu": GPU_NODES}.items():
            is_default = " Default=YES" if name == "cpu" else ""
            lines.append(f"PartitionName={name} Nodes={','.join(sorted(nodes))} {limits}{is_default}")
        self.config.write_text("\n".join(lines) + "\n")
        for number in range(max(NODES.values())):  # files that stand for devices have to be devices
            os.mknod(self.folder / "dev" / f"gpu{number}", 0o600 | 0o020000, os.makedev(1, 3))
        gres = [
            f"NodeName={name} Name=gpu File={self.folder}/dev/gpu[0-{gpus - 1}]"
            for name, gpus in NODES.items()
            if gpus
        ]
        (self.folder / "gres.conf").write_text("\n".join(gres) + "\n")
        (self.folder / "hosts").write_text(f"127.0.0.1 localhost {socket.gethostname()} {' '.join(NODES)}\n")
        seen = r"'%s\t%s\t%s\n' $SLURM_JOB_ID $SLURMD_NODENAME ${CUDA_VISIBLE_DEVICES:-none}"
        _script(self.folder / "prolog", f"printf {seen} >> {self.folder}/tasks")
        for name in _COMMANDS:
            path = shutil.which(name)
            _script(self.folder / "bin" / name, f'SLURM_CONF={self.config} exec {path} "$@"')


def _script(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()

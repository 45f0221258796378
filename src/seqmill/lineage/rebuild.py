"""Build again what a reproduction needs and is missing."""

import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from seqmill.errors import InputError, SeqmillError
from seqmill.origin import Node

_SNAKEFILE = Path("Snakefile")


def rebuild(
    targets: Sequence[Path], *, dataset: str, configfile: Path | None, threads: int, origin: Node
) -> None:
    """Make files through the workflow, from the folder that it is run in.

    Parameters
    ----------
    targets : sequence of Path
        Files to make, as the workflow names them.
    dataset : str
        Name of the dataset.
    configfile : Path, optional
        Its configuration; the one below ``config/`` that names the dataset unless given.
    threads : int
        Jobs at a time.
    origin : Node
        What the files were made of, for the message when no configuration is known.

    Raises
    ------
    InputError
        When no configuration is known; the message holds the recorded commands.
    SeqmillError
        When the workflow fails.
    """
    config = configfile or known_config(dataset)
    named = ", ".join(map(str, targets))
    if config is None or not _SNAKEFILE.is_file():
        commands = "\n".join(f"  {line}" for line in recorded_commands(origin))
        raise InputError(
            f"{named}: missing, and no configuration of dataset '{dataset}' is known here; give --configfile "
            f"in the folder of the Snakefile, or build it with the recorded commands:\n{commands}"
        )
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(_SNAKEFILE)]
    command += ["--configfile", str(config), "--cores", str(threads), *map(str, targets)]
    print(f"building {named}: {shlex.join(['snakemake', *command[3:]])}", file=sys.stderr, flush=True)
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        raise SeqmillError(f"{named}: the workflow could not build it; see its messages above")


def known_config(dataset: str) -> Path | None:
    """Find the configuration below ``config/`` that names a dataset, when there is exactly one."""
    found = [path for path in sorted(Path("config").glob("*/config.yaml")) if _dataset(path) == dataset]
    return found[0] if len(found) == 1 else None


def recorded_commands(origin: Node) -> list[str]:
    """Give the commands that made something, in an order in which they can be run again."""
    commands = (node.get("step", {}).get("command") for node in origin.to_dict()["nodes"])
    return list(dict.fromkeys(command for command in commands if command))


def _dataset(path: Path) -> str | None:
    try:
        content = yaml.safe_load(path.read_text())
    except (OSError, yaml.YAMLError):
        return None
    return content.get("dataset") if isinstance(content, dict) else None

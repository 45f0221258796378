"""Write a composed configuration as a file that a person can read and a rule can depend on."""

from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from seqmill.files import atomic_path
from seqmill.training.config import RunConfig
from seqmill.training.validate import to_plain
from seqmill.typed import MISSING

_FIRST = ("experiment", "seed", "init_from")
"""Keys above the groups; all others follow in the order of `RunConfig`, so that none can be left out."""


def render(run: RunConfig, *, open_keys: bool = False) -> str:
    """Give the configuration as YAML with every option written out.

    With `open_keys`, seed and manifest are written as values that have still to be given.
    """
    plain: dict[str, Any] = to_plain(run)
    if open_keys:
        plain["seed"] = MISSING
        plain["dataset"]["manifest"] = MISSING
    head = (
        f"# Configuration of the experiment {run.experiment}: every option that decides the result.\n"
        "# Train it with: seqmill train --config THIS_FILE dataset.manifest=MANIFEST seed=1\n"
    )
    return head + OmegaConf.to_yaml({key: plain[key] for key in _FIRST} | plain)


def write_config(path: Path, run: RunConfig, *, open_keys: bool = False) -> None:
    """Write `render` to a file, atomically."""
    with atomic_path(path) as aside:
        aside.write_text(render(run, open_keys=open_keys))

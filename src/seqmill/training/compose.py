"""Compose the configuration of a run from Hydra's groups, in this process."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra import compose as hydra_compose
from hydra import initialize_config_dir
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from seqmill.errors import ConfigErrors, InputError, nearest
from seqmill.training.config import RunConfig
from seqmill.training.validate import validate

CONFIG_DIR = Path("config/hydra")
"""Where the groups lie, seen from the working directory."""

PRIMARY = "train"


def compose(
    overrides: Sequence[str],
    config_dir: Path = CONFIG_DIR,
    *,
    base: Path | None = None,
    open_keys: bool = False,
) -> RunConfig:
    """Compose and check a run's configuration.

    Parameters
    ----------
    overrides : sequence of str
        Hydra overrides: choices of groups (``experiment=NAME``) and values (``trainer.epochs=5``).
    config_dir : Path
        Folder of the groups, with ``train.yaml`` at its top.
    base : Path, optional
        A composed file to start from instead of the groups; then `overrides` are values only.
    open_keys : bool
        Accept that the seed and the manifest have no value yet; they get a stand-in.

    Raises
    ------
    ConfigErrors
        With all mistakes at once, each with the nearest known key.
    InputError
        When the folder or the file is not there, or cannot be composed at all.
    """
    source = " ".join([str(base or "configuration"), *overrides])
    parsed = _parse(overrides, source)
    if base is not None:
        return validate(_from_file(base, parsed), source=source, open_keys=open_keys)
    groups = _groups(config_dir)
    usable, problems = _choose(parsed, groups)
    content = _compose(usable, groups, config_dir, source)
    try:
        run = validate(content, source=source, open_keys=open_keys)
    except ConfigErrors as errors:
        problems += errors.problems
    if problems:
        raise ConfigErrors(source, problems)
    return run


def _parse(overrides: Sequence[str], source: str) -> list[Override]:
    parser = OverridesParser.create()
    parsed, problems = [], []
    for text in overrides:
        try:
            override = parser.parse_override(text)
        except HydraException:
            override = None
        if override is None or not override.key_or_group:
            problems.append(f"'{text}' is no override; write key=value, such as trainer.epochs=5")
        else:
            parsed.append(override)
    problems += [
        f"{override.input_line}: sweeps are not run here; give each run its own row in experiments.tsv"
        for override in parsed
        if override.is_sweep_override()
    ]
    if problems:
        raise ConfigErrors(source, problems)
    return parsed


def _groups(config_dir: Path) -> dict[str, list[str]]:
    """Give the groups of a folder, each with its choices."""
    if not (config_dir / f"{PRIMARY}.yaml").is_file():
        raise InputError(
            f"{config_dir}: no {PRIMARY}.yaml there; run from the top of the repository or give --config-dir"
        )
    folders = sorted(entry for entry in config_dir.iterdir() if entry.is_dir())
    return {folder.name: sorted(path.stem for path in folder.glob("*.yaml")) for folder in folders}


def _choose(overrides: list[Override], groups: dict[str, list[str]]) -> tuple[list[Override], list[str]]:
    """Set wrong choices of groups aside, so that the rest of the configuration is checked all the same."""
    usable, problems = [], []
    for override in overrides:
        group, choice = override.key_or_group, str(override.value())
        if group not in groups or choice in groups[group]:
            usable.append(override)
            continue
        problems.append(
            f"{group}: there is no '{choice}'{nearest(choice, groups[group])}; "
            f"choose one of: {', '.join(groups[group])}"
        )
    if not any(override.key_or_group == "experiment" for override in overrides):
        offered = ", ".join(groups["experiment"])
        problems.append(f"experiment: no value; give one with experiment=NAME, one of: {offered}")
    if not any(override.key_or_group == "experiment" for override in usable):
        usable.append(OverridesParser.create().parse_override(f"experiment={groups['experiment'][0]}"))
    return usable, problems


def _compose(
    overrides: list[Override], groups: dict[str, list[str]], config_dir: Path, source: str
) -> dict[str, Any]:
    lines = [_forced(override, groups) for override in overrides]
    try:
        with initialize_config_dir(config_dir=str(config_dir.resolve()), version_base="1.3"):
            composed = hydra_compose(PRIMARY, overrides=lines)
    except YAMLError as error:
        raise InputError(f"{config_dir}: no YAML that can be read: {' '.join(str(error).split())}") from error
    except (HydraException, OmegaConfBaseException) as error:
        raise InputError(f"{source}: {str(error).splitlines()[0]}") from error
    return _plain(composed, source)


def _from_file(base: Path, overrides: list[Override]) -> dict[str, Any]:
    if not base.is_file():
        raise InputError(
            f"{base}: no such file; write it with: seqmill compose experiment=NAME --output {base}"
        )
    try:
        config = OmegaConf.load(base)
    except (YAMLError, OSError, UnicodeDecodeError) as error:
        raise InputError(f"{base}: no YAML that can be read: {' '.join(str(error).split())}") from error
    for override in overrides:
        OmegaConf.update(config, override.key_or_group, override.value(), force_add=True)
    return _plain(config, str(base))


def _forced(override: Override, groups: dict[str, list[str]]) -> str:
    """Let a value through even where its key is unknown: `validate` names all unknown keys at once."""
    line = override.input_line or ""
    is_value = override.key_or_group not in groups and line[0] not in "+~"
    return f"++{line}" if is_value else line


def _plain(config: Any, source: str) -> dict[str, Any]:
    try:
        return OmegaConf.to_container(config, resolve=True, throw_on_missing=False)  # type: ignore[return-value]
    except OmegaConfBaseException as error:
        raise InputError(f"{source}: {str(error).splitlines()[0]}") from error

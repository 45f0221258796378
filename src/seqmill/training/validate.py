"""Check a composed configuration as a whole, against the application it names."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from seqmill.applications import application as registry
from seqmill.applications.application import Application, load_object
from seqmill.errors import ConfigErrors, InputError
from seqmill.training.config import ModelConfig, RunConfig
from seqmill.typed import MISSING, build

GIVEN_LATER = {"seed": 0, "dataset.manifest": "manifest.json"}
"""Keys that a composed file may leave open, each with a stand-in of the right type."""


def validate(content: Mapping[str, Any], *, source: str, open_keys: bool = False) -> RunConfig:
    """Turn a composed configuration into a RunConfig.

    Parameters
    ----------
    content : mapping
        The plain configuration.
    source : str
        File or command it came from, for the message.
    open_keys : bool
        Accept that the seed and the manifest have no value yet; they get a stand-in.

    Raises
    ------
    ConfigErrors
        With every mistake: unknown and missing keys, wrong types, values out of range, in the groups
        as well as in the options that the application defines for its networks and augmentation.
    """
    plain = {key: dict(value) if isinstance(value, Mapping) else value for key, value in content.items()}
    if open_keys:
        _stand_in(plain)
    problems: list[str] = []
    application = _application(plain, problems)
    if application is not None:
        plain["model"] = _model(application, plain.get("model"), problems)
        plain["augmentation"] = _augmentation(application, plain.get("augmentation"), problems)
    run = build(RunConfig, plain, path="", problems=problems)
    if application is not None and run is not None:
        problems.extend(_loss_problems(application, run))
    if problems:
        raise ConfigErrors(source, problems)
    return run


def to_plain(run: RunConfig) -> dict[str, Any]:
    """Give the configuration as plain mappings, every option written out."""
    return dataclasses.asdict(run)


def flatten(content: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Give nested mappings as one mapping of dotted keys."""
    flat: dict[str, Any] = {}
    for key, value in content.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _stand_in(plain: dict[str, Any]) -> None:
    for key, value in GIVEN_LATER.items():
        group, _, name = key.rpartition(".")
        holder = plain.setdefault(group, {}) if group else plain
        if isinstance(holder, dict) and holder.get(name, MISSING) == MISSING:
            holder[name] = value


def _application(plain: Mapping[str, Any], problems: list[str]) -> Application | None:
    group = plain.get("application")
    name = group.get("name") if isinstance(group, Mapping) else None
    if not isinstance(name, str) or name == MISSING:
        return None
    try:
        return registry.find_application(name)
    except InputError as error:
        problems.append(str(error))
        return None


def _model(application: Application, group: Any, problems: list[str]) -> Any:
    """Give the model group with its options typed; anything that is no group is left to `build`."""
    if not isinstance(group, Mapping) or not isinstance(group.get("name"), str) or group["name"] == MISSING:
        return group
    try:
        network = application.network(group["name"])
    except InputError as error:
        problems.append(str(error))
        return {"name": group["name"], **{key: group[key] for key in group if key not in _MODEL_KEYS}}
    options = build(
        load_object(network.options), group.get("options") or {}, path="model.options", problems=problems
    )
    return {**group, "options": options}


_MODEL_KEYS = {field.name for field in dataclasses.fields(ModelConfig)}


def _loss_problems(application: Application, run: RunConfig) -> Iterator[str]:
    offered = ("standard", *application.losses)
    if run.trainer.loss not in offered:
        yield (
            f"trainer.loss: found '{run.trainer.loss}', wanted one that {application.name} offers: "
            f"{', '.join(offered)}"
        )


def _augmentation(application: Application, group: Any, problems: list[str]) -> Any:
    return build(
        load_object(application.augmentation),
        {} if group is None else group,
        path="augmentation",
        problems=problems,
    )

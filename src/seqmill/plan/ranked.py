"""What drugs are ranked for: entries of the key ``rank`` as options of the verb, their files, mistakes."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from seqmill.applications.application import Application
from seqmill.errors import nearest

_FILES = ("profiles", "molecules", "safety", "safety_manifest", "safety_molecules")
_FLAGS = {"drugs": "--drug"}
_OPTIONS = (*_FILES, "drugs", "better", "explained", "genes")


def ranked_files(entry: Mapping[str, Any]) -> list[str]:
    """Give the files that an entry names."""
    return [path for key in _FILES for path in _listed(entry.get(key))]


def ranked_options(entry: Mapping[str, Any]) -> list[str]:
    """Give an entry as options of the verb."""
    words: list[str] = []
    for key in _OPTIONS:
        values = _listed(entry.get(key))
        if values:
            words += [_FLAGS.get(key, f"--{key.replace('_', '-')}"), *values]
    return words


def ranking_problems(
    config: Mapping[str, Any], experiments: Iterable[str], application: Application | None
) -> Iterator[str]:
    """Give one sentence for each entry that cannot be done.

    Parameters
    ----------
    config : mapping
        The configuration, with its defaults.
    experiments : iterable of str
        Names of the experiments; none where their sheet could not be read.
    application : Application or None
        That of the dataset; None where there is no such one, which is told elsewhere.
    """
    known = list(experiments)
    if config["rank"] and application and "rows" not in application.reads:
        yield (
            f"rank: found {', '.join(config['rank'])}, but models of {application.name} read no profiles; "
            "wanted no such key"
        )
    for name, entry in config["rank"].items():
        if known and entry["experiment"] not in known:
            found = entry["experiment"]
            yield f"rank.{name}.experiment: no experiment '{found}'{nearest(found, known)}"
        if bool(entry.get("safety")) != bool(entry.get("safety_manifest")):
            yield f"rank.{name}: safety and safety_manifest belong together, found one of them; give both"
        for path in ranked_files(entry):
            if not Path(path).is_file():
                yield f"rank.{name}: {path}: no such file"


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]

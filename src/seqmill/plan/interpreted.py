"""What is asked of the registered model beside predictions: explanations and effects of variants."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from seqmill.applications.application import Application
from seqmill.plan.addresses import is_address

KINDS = {"explain": ("regions", "motifs"), "effects": ("vcf", "regions")}
"""Key of the configuration -> the files that each of its entries may name."""

_OPTIONS = {
    "explain": ("regions", "motifs", "target", "most", "insert"),
    "effects": ("vcf", "regions"),
}


def asked_files(config: Mapping[str, Any], kind: str, name: str) -> list[str]:
    """Give the files that an entry of `KINDS` names."""
    entry = config[kind][name]
    return [entry[key] for key in KINDS[kind] if entry.get(key)]


def asked_options(config: Mapping[str, Any], kind: str, name: str, *, manifest: str = "") -> list[str]:
    """Give an entry of `KINDS` as options of the verb of that name.

    `manifest` is that of the dataset, whose test split is explained where the entry names no regions.
    """
    entry = config[kind][name]
    words = []
    for key in _OPTIONS[kind]:
        value = entry.get(key)
        if value:
            words += [f"--{key}", *(map(str, value) if isinstance(value, list) else (str(value),))]
    return words if kind == "effects" or entry.get("regions") else [*words, "--manifest", manifest]


def with_copies(config: Mapping[str, Any], copy_of: Callable[..., str]) -> dict[str, Any]:
    """Give the entries of `KINDS` with each file by the path of its copy; see `Addresses.copy_of`."""
    return {
        kind: {
            name: {
                key: copy_of(value, where=f"{kind}.{name}.{key}") if key in files and value else value
                for key, value in entry.items()
            }
            for name, entry in config[kind].items()
        }
        for kind, files in KINDS.items()
    }


def interpretation_problems(config: Mapping[str, Any], application: Application) -> Iterator[str]:
    """Give one sentence for each entry of `KINDS` that cannot be done."""
    for kind, files in KINDS.items():
        if config[kind] and not application.sequence:
            yield (
                f"{kind}: found {', '.join(config[kind])}, but models of {application.name} do not read DNA "
                "sequence; wanted no such key"
            )
        for name, entry in config[kind].items():
            if entry.get("insert") and not entry.get("motifs"):
                yield f"{kind}.{name}.insert: found names of motifs, but no file; name it as motifs"
            for key in files:
                path = entry.get(key)
                if path and not is_address(path) and not Path(path).is_file():
                    yield f"{kind}.{name}.{key}: {path}: no such file{_maker(path)}"


def _maker(path: str) -> str:
    """Say who makes a file that lies among the results of a dataset."""
    parts = Path(path).parts
    if len(parts) < 3 or parts[0] != "results":
        return ""
    return f"; the dataset '{parts[1]}' makes it, run snakemake with its configuration first"

"""Which split a sample's contig belongs to, told explicitly and checked for leaks."""

from collections.abc import Iterable, Mapping
from typing import Any

from seqmill.errors import ConfigErrors, nearest

_KEYS = ("samples", "contigs")


class Splits:
    """Splits by sample and contig.

    A (sample, contig) belongs to a split that names both. No contig may be in two splits, so no
    sequence that was trained on is ever tested on.

    Parameters
    ----------
    plan : mapping
        ``{split: {"samples": [...], "contigs": [...]}}``.
    source : str
        Where the plan was read, for messages.

    Raises
    ------
    ConfigErrors
        With all mistakes at once: an unknown or missing key, an empty or repeated entry, a contig in
        two splits.
    """

    def __init__(self, plan: Mapping[str, Mapping[str, Iterable[str]]], *, source: str = "splits") -> None:
        problems = list(_problems(plan))
        if problems:
            raise ConfigErrors(source, problems)
        self._plan = {
            split: {key: tuple(map(str, entry[key])) for key in _KEYS} for split, entry in plan.items()
        }
        self._of = {
            (sample, contig): split
            for split, entry in self._plan.items()
            for sample in entry["samples"]
            for contig in entry["contigs"]
        }

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the splits, in the order of the plan."""
        return tuple(self._plan)

    def of(self, sample: str, contig: str) -> str | None:
        """Give the split of a sample's contig, or None where no split uses it."""
        return self._of.get((sample, contig))

    def samples(self, split: str) -> tuple[str, ...]:
        """Give the samples of a split."""
        return self._plan[split]["samples"]

    def contigs(self, split: str) -> tuple[str, ...]:
        """Give the contigs of a split."""
        return self._plan[split]["contigs"]

    def contigs_of(self, sample: str) -> tuple[str, ...]:
        """Give the contigs that any split uses of a sample, in the order of the plan."""
        held = (entry["contigs"] for entry in self._plan.values() if sample in entry["samples"])
        return tuple(contig for contigs in held for contig in contigs)

    def as_dict(self) -> dict[str, dict[str, list[str]]]:
        """Give the plan as plain lists, sorted inside each split, for a manifest."""
        return {
            split: {key: sorted(entry[key]) for key in _KEYS} for split, entry in sorted(self._plan.items())
        }


def _problems(plan: Mapping[str, Any]) -> Iterable[str]:
    if not isinstance(plan, Mapping) or not plan:
        yield f"{plan!r} found, wanted a mapping from split to its samples and contigs"
        return
    owner: dict[str, str] = {}
    for split, entry in plan.items():
        if not isinstance(entry, Mapping):
            yield f"{split}: {entry!r} found, wanted the keys samples and contigs"
            continue
        for key in entry:
            if key not in _KEYS:
                yield f"{split}.{key}: unknown key{nearest(str(key), _KEYS)}; wanted samples and contigs"
        for key in _KEYS:
            yield from _list_problems(f"{split}.{key}", entry.get(key))
        contigs = entry.get("contigs")
        for contig in dict.fromkeys(map(str, contigs)) if _is_list(contigs) else ():
            if contig in owner:
                shared = _names(entry) & _names(plan[owner[contig]])
                who = f" (of sample {', '.join(sorted(shared))})" if shared else ""
                yield f"contig '{contig}'{who} is in two splits, {owner[contig]} and {split}; keep it in one"
            else:
                owner[contig] = split


def _names(entry: Mapping[str, Any]) -> set[str]:
    samples = entry.get("samples")
    return set(map(str, samples)) if _is_list(samples) else set()


def _is_list(entry: Any) -> bool:
    return isinstance(entry, Iterable) and not isinstance(entry, str | bytes | Mapping)


def _list_problems(key: str, entry: Any) -> Iterable[str]:
    if not _is_list(entry):
        yield f"{key}: {entry!r} found, wanted a list of names"
        return
    names = list(map(str, entry))
    if not names:
        yield f"{key}: empty, wanted at least one name"
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{key}: '{name}' is listed {names.count(name)} times, wanted once"

"""Contig names that differ between a file and the reference by their prefix alone."""

import re
from collections.abc import Iterable, Mapping, Sequence

from seqmill.errors import InputError

RULES = ("chr", "nochr")
"""Ways to map names: add the prefix ``chr``, or take it off."""

_MITOCHONDRIA = {"M": "MT", "MT": "M"}
_SHOWN = 3


def renamed(name: str, rule: str, known: Mapping[str, int]) -> str:
    """Give a contig the name that one of `RULES` makes of it, where the reference knows that and not the old.

    The mitochondrion is known as M and as MT.
    """
    if name in known:
        return name
    bare = re.sub("^chr", "", name)
    prefix = "chr" if rule == "chr" else ""
    targets = [f"{prefix}{core}" for core in (bare, _MITOCHONDRIA.get(bare, bare))]
    return next((target for target in targets if target in known), name)


def synonym(name: str, known: Mapping[str, int]) -> str | None:
    """Give the name under which the reference holds a contig, by any of `RULES`; None where it does not."""
    if name in known:
        return name
    return next((new for rule in RULES if (new := renamed(name, rule, known)) in known), None)


def synonyms(names: Iterable[str], known: Mapping[str, int]) -> dict[str, str]:
    """Give the contigs that the reference knows by another name, by any of `RULES`: old -> new."""
    found = {name: synonym(name, known) for name in names if name not in known}
    return {name: new for name, new in found.items() if new is not None}


def check_names(source: object, names: Iterable[str], known: Mapping[str, int], *, reference: object) -> None:
    """Check that a file of positions, such as a VCF or BED, names its contigs as the reference does.

    Contigs that the reference lacks are no mistake as long as it has others of the file.

    Parameters
    ----------
    source : object
        The file, for the message.
    names : iterable of str
        Its contigs.
    known : mapping
        Contigs of the reference -> length.
    reference : object
        The reference, for the message.

    Raises
    ------
    InputError
        When names differ by ``chr`` alone, or none is shared.
    """
    held = list(dict.fromkeys(names))
    for rule in RULES:
        found = {old: new for old in held if (new := renamed(old, rule, known)) != old}
        if found:
            change = "s/^/chr/" if rule == "chr" else "s/^chr//"
            raise InputError(
                f"{source}: {len(found)} of its contigs are named otherwise than in {reference}: found "
                f"{some(list(found))}, wanted {some(list(found.values()))}; rename them, a VCF with "
                f"bcftools annotate --rename-chrs, a BED with sed '{change}'"
            )
    if held and not any(name in known for name in held):
        raise InputError(
            f"{source}: shares no contig with {reference}: found {some(held)}, wanted {some(list(known))}; "
            "give the file that belongs to this reference"
        )


def some(names: Sequence[str]) -> str:
    """List the first few names, quoted, and how many more there are."""
    shown = ", ".join(f"'{name}'" for name in names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown

"""Contig names and sequences of an alignment file against those of the reference."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from seqmill.errors import InputError
from seqmill.genome.names import RULES, renamed, some
from seqmill.genome.reference import Reference

_BLOCK = 1 << 20


def contig_map(rule: str | None, names: Sequence[str], reference: Reference) -> dict[str, str]:
    """Map contig names of an alignment file to those of the reference, where they differ.

    Parameters
    ----------
    rule : str or None
        ``chr`` adds the prefix, ``nochr`` takes it off (the mitochondrion is known as M and as MT), each
        where the reference holds the new name and not the old; anything else is the path of a table of
        two columns, the name in the file and the name in the reference; None maps nothing.
    names : sequence of str
        Names in the alignment file.
    reference : Reference
        The reference.

    Raises
    ------
    InputError
        When the table cannot be read or names a contig that the reference lacks, or when two contigs
        get one name.
    """
    if rule is None:
        return {}
    if rule in RULES:
        new = {name: renamed(name, rule, reference.contigs) for name in names}
    else:
        table = _read_table(Path(rule), reference)
        new = {name: table.get(name, name) for name in names}
    taken: dict[str, str] = {}
    for name, target in new.items():
        if target in taken:
            raise InputError(
                f"--rename-contigs {rule}: contigs '{taken[target]}' and '{name}' would both be called "
                f"'{target}'; give a table with distinct names"
            )
        taken[target] = name
    return {name: target for name, target in new.items() if name != target}


def check_contigs(path: Path, contigs: Mapping[str, int], reference: Reference) -> list[str]:
    """Compare the contigs of an alignment file, already renamed, with those of the reference.

    Parameters
    ----------
    path : Path
        The alignment file, for messages.
    contigs : mapping
        Contig name -> length in its header.
    reference : Reference
        The reference.

    Returns
    -------
    list of str
        One sentence for each contig that only one side has.

    Raises
    ------
    InputError
        When lengths differ; when no name is shared; when names differ by ``chr`` alone, saying which
        option maps them.
    """
    known = reference.contigs
    for name, length in contigs.items():
        if name in known and known[name] != length:
            raise InputError(
                f"{path}: contig '{name}' has {length:,} bases, wanted {known[name]:,} as in "
                f"{reference.path}; it was aligned to another build: give that one as the reference, or "
                "align its reads again"
            )
    strange = [name for name in contigs if name not in known]
    for rule in RULES:
        alike = {name: renamed(name, rule, known) for name in strange}
        alike = {old: new for old, new in alike.items() if known.get(new) == contigs[old]}
        if alike:
            raise InputError(
                f"{path}: {len(alike)} of its contigs are named otherwise than in {reference.path}: found "
                f"{some(list(alike))}, wanted {some(list(alike.values()))}; add --rename-contigs {rule} "
                f"(in the config: rename_contigs: {rule})"
            )
    if len(strange) == len(contigs):
        raise InputError(
            f"{path}: shares no contig with {reference.path}: found {some(strange)}, wanted "
            f"{some(list(known))}; "
            "give its own reference, or --rename-contigs with a table of two columns, its name and the "
            "reference's"
        )
    missing = [name for name in known if name not in contigs]
    return [f"'{name}' is not in the reference" for name in strange] + [
        f"'{name}' of the reference is not in the file" for name in missing
    ]


def check_shared(path: Path, found: Sequence[str], strange: Sequence[str], reference: Reference) -> None:
    """Refuse a table of intervals of which no contig is in the reference.

    Parameters
    ----------
    path : Path
        The table, for the message.
    found, strange : sequence of str
        Its contigs, and those of them that the reference lacks under their new names.
    reference : Reference
        The reference.

    Raises
    ------
    InputError
        When all are strange, saying which option maps them where names differ by ``chr`` alone.
    """
    if len(strange) < len(found):
        return
    for rule in RULES:
        alike = {name: new for name in strange if (new := renamed(name, rule, reference.contigs)) != name}
        if alike:
            raise InputError(
                f"{path}: its contigs are named otherwise than in {reference.path}: found "
                f"{some(list(alike))}, wanted {some(list(alike.values()))}; add --rename-contigs {rule} (in "
                f"the config: rename_contigs: {rule})"
            )
    raise InputError(
        f"{path}: shares no contig with {reference.path}: found {some(found)}, wanted "
        f"{some(list(reference.contigs))}; give the genome that it belongs to"
    )


def changed_sequences(header: Mapping[str, str], reference: Reference) -> list[str]:
    """Name the contigs whose MD5 in a header (contig name -> M5 tag) is not that of the reference."""
    return [
        name
        for name, md5 in header.items()
        if name in reference.contigs and md5.lower() != _md5(reference, name)
    ]


def _md5(reference: Reference, contig: str) -> str:
    """MD5 as the M5 tag has it: over the upper-case bases."""
    length = reference.contigs[contig]
    digest = hashlib.md5(usedforsecurity=False)
    for start in range(0, length, _BLOCK):
        digest.update(reference.fetch(contig, start, min(start + _BLOCK, length)).encode())
    return digest.hexdigest()


def _read_table(path: Path, reference: Reference) -> dict[str, str]:
    if not path.is_file():
        raise InputError(
            f"--rename-contigs: found '{path}', wanted chr, nochr or the path of a table of two columns "
            "(name in the file, name in the reference)"
        )
    table = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split()
        if len(fields) != 2:
            raise InputError(
                f"{path}, line {number}: found {len(fields)} columns, wanted two: the name in the file and "
                "the name in the reference"
            )
        if fields[1] not in reference.contigs:
            raise InputError(
                f"{path}, line {number}: found '{fields[1]}' in the second column, wanted a contig of "
                f"{reference.path}, such as {some(list(reference.contigs))}"
            )
        table[fields[0]] = fields[1]
    return table

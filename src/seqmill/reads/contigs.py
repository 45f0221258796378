"""Contig names and sequences of an alignment file against those of the reference."""

import hashlib
from collections.abc import Mapping, Sequence, Sized
from pathlib import Path
from typing import TypeVar

from seqmill.errors import InputError
from seqmill.genome.names import RULES, renamed, some
from seqmill.genome.reference import Reference
from seqmill.reads.notice import notice

_BLOCK = 1 << 20
Rows = TypeVar("Rows", bound=Sized)


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


def by_reference(
    path: Path, rows: Mapping[str, Rows], reference: Reference, *, rule: str | None, holds: str
) -> tuple[dict[str, Rows], int, tuple[str, ...]]:
    """Give the rows of a table of intervals under the reference's names of contigs.

    Contigs that the reference lacks are left out, and a remark says so.

    Parameters
    ----------
    path : Path
        The table, for messages.
    rows : mapping
        Its contigs -> their rows.
    reference : Reference
        The reference.
    rule : str or None
        How contigs are renamed; see `contig_map`.
    holds : str
        What the rows are, for the remark.

    Returns
    -------
    named : dict
        Contig of the reference -> rows.
    unknown : int
        Rows that are left out.
    mismatches : tuple of str
        One sentence for each contig that was renamed or that the reference lacks.

    Raises
    ------
    InputError
        When no contig is shared, saying which option maps them where names differ by ``chr`` alone.
    """
    names = contig_map(rule, list(rows), reference)
    strange = [name for name in rows if names.get(name, name) not in reference.contigs]
    if len(strange) == len(rows):
        raise _not_shared(path, strange, reference)
    if strange:
        notice(f"{path}: contigs {some(strange)} are not in {reference.path}; their {holds} are not used")
    mismatches = [f"'{old}' is '{new}' in the reference (renamed)" for old, new in names.items()]
    mismatches += [f"'{name}' is not in the reference" for name in strange]
    named = {names.get(name, name): own for name, own in rows.items() if name not in strange}
    return named, sum(len(rows[name]) for name in strange), tuple(mismatches)


def _not_shared(path: Path, found: Sequence[str], reference: Reference) -> InputError:
    for rule in RULES:
        alike = {name: new for name in found if (new := renamed(name, rule, reference.contigs)) != name}
        if alike:
            return InputError(
                f"{path}: its contigs are named otherwise than in {reference.path}: found "
                f"{some(list(alike))}, wanted {some(list(alike.values()))}; add --rename-contigs {rule} (in "
                f"the config: rename_contigs: {rule})"
            )
    return InputError(
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

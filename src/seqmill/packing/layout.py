"""Where each sequence comes to lie: every distinct one has a single place."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from seqmill.errors import InputError
from seqmill.packing.plan import ContigRule, PackPlan, Source
from seqmill.packing.similar import similar_groups
from seqmill.packing.sources import Row, read_source


class Place(NamedTuple):
    """A stretch of a contig, 0-based half-open."""

    contig: str
    start: int
    end: int


@dataclass(frozen=True)
class Layout:
    """The packed genome before it is written.

    Attributes
    ----------
    sequences : dict
        Contig -> its sequences in order.
    lengths : dict
        Contig -> bases with spacers, in the order of names.
    regions : dict
        Sample -> rows with their places.
    counts : list of dict
        For each source ``path``, ``sample``, ``kept`` and the rows left out by reason.
    """

    sequences: dict[str, list[str]]
    lengths: dict[str, int]
    regions: dict[str, list[tuple[Place, Row]]]
    counts: list[dict[str, object]] = field(default_factory=list)


def lay_out(plan: PackPlan) -> Layout:
    """Read all sources and give every sequence its place.

    A sequence that several sources have lies where the first of them puts it, and each has a row for it.

    Raises
    ------
    InputError
        When a source cannot be read, or a name does not fit the pattern of its contig.
    """
    read = [read_source(source) for source in plan.sources]
    contig_of = _contigs(plan.sources, [rows.kept for rows in read])
    sequences: dict[str, list[str]] = {name: [] for name in sorted(set(contig_of.values()), key=_natural)}
    ends = dict.fromkeys(sequences, plan.spacer)
    places: dict[str, Place] = {}
    for sequence, contig in contig_of.items():
        start = ends[contig]
        places[sequence] = Place(contig, start, start + len(sequence))
        ends[contig] = start + len(sequence) + plan.spacer
        sequences[contig].append(sequence)
    regions: dict[str, list[tuple[Place, Row]]] = {sample: [] for sample in plan.samples}
    for source, rows in zip(plan.sources, read, strict=True):
        regions[source.sample] += [(places[row.sequence], row) for row in rows.kept]
    counts = [
        {"path": source.path, "sample": source.sample, "kept": len(rows.kept), **rows.dropped}
        for source, rows in zip(plan.sources, read, strict=True)
    ]
    return Layout(sequences, ends, regions, counts)


def _contigs(sources: Sequence[Source], rows: Sequence[Sequence[Row]]) -> dict[str, str]:
    """Give the contig of each distinct sequence, in the order of their first rows."""
    rules: dict[str, ContigRule] = {}
    contig_of: dict[str, str] = {}
    for source, of_source in zip(sources, rows, strict=True):
        for row in of_source:
            if row.sequence not in rules:
                rules[row.sequence] = source.contigs
                contig_of[row.sequence] = _by_name(source, row) if source.contigs.pattern else ""
    for rule in dict.fromkeys(rule for rule in rules.values() if rule.folds):
        own = [sequence for sequence, other in rules.items() if other == rule]
        groups = similar_groups(own, rule.similar).tolist()
        first: dict[int, str] = {}
        for sequence, group in zip(own, groups, strict=True):
            first[group] = min(sequence, first.get(group, sequence))
        contig_of |= {
            sequence: f"{rule.prefix}{_hash(first[group]) % rule.folds}"
            for sequence, group in zip(own, groups, strict=True)
        }
    return contig_of


def _by_name(source: Source, row: Row) -> str:
    found = re.search(source.contigs.pattern, row.name)
    if not found:
        raise InputError(
            f"{source.path}: the name {row.name!r} does not fit contigs.pattern {source.contigs.pattern!r}; "
            "correct the pattern, so that its first group is the contig"
        )
    return found[1]


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """Sort chr2 before chr10."""
    parts = re.findall(r"\d+|\D+", name)
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]

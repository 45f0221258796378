"""Blocks of predicted effects of the alleles that a person carries, by gene or region."""

from collections.abc import Mapping
from itertools import groupby
from typing import NamedTuple

import numpy as np

from seqmill.errors import InputError
from seqmill.genome.gff import read_annotation
from seqmill.genome.lines import table_lines
from seqmill.genome.names import synonym
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele
from seqmill.profiles.call_options import EffectOptions
from seqmill.profiles.calls import genome
from seqmill.profiles.carried import Member, aggregate
from seqmill.profiles.dosage_reader import read_dosages
from seqmill.profiles.effect_table import Effects, read_effects
from seqmill.profiles.orientation import place
from seqmill.profiles.people import find_people
from seqmill.profiles.plan import BlockPlan
from seqmill.profiles.sites import Sites
from seqmill.profiles.table import Found


class _Place(NamedTuple):
    """A gene or a region, 0-based half-open."""

    contig: str
    start: int
    end: int
    name: str


def read_carried_effects(plan: BlockPlan, column: str, options: EffectOptions) -> Found:
    """Read the effects of carried alleles by gene or region, float32 [n, F]; features are ``PLACE:OUTPUT``.

    Raises
    ------
    InputError
        When a file cannot be used, or no allele lies in any gene or region.
    """
    effects = read_effects(options.effects, options.outputs)
    alleles = effects.alleles
    people = find_people(plan, column, options.files)
    with genome(options.reference) as reference:
        placed = place(Sites(alleles), reference)
        found = read_dosages(people, placed, options, reference=reference)
        places = _places(options, reference)
    columns = {allele: number for number, allele in enumerate(alleles)}
    members = {
        f"{name}:{output}": [
            Member(columns[allele], effects.values[output][allele])
            for allele in held
            if allele in effects.values[output]
        ]
        for name, held in _grouped(places, effects).items()
        for output in effects.values
    }
    if not any(members.values()):
        raise InputError(
            f"{options.effects}: none of {len(alleles):,} alleles lies in a gene or region; see that both "
            "are of one genome, or widen them with the option margin"
        )
    inside = {one.column for held in members.values() for one in held}
    report = {
        "people": len(people.ids),
        "alleles": len(alleles),
        "dropped": {"outside": len(alleles) - len(inside), "not_scored": effects.unscored},
        **found.facts,
    }
    return Found(
        people.ids,
        aggregate(found.values, members, how=options.aggregate, min_called=options.min_called),
        report,
    )


def _places(options: EffectOptions, reference: Reference | None) -> list[_Place] | None:
    """Give genes or regions, widened; None where the effects name their own."""
    margin = options.margin
    if options.annotation:
        contigs = None if reference is None else reference.contigs
        genes = read_annotation(options.annotation, contigs=contigs).genes
        return [_Place(one.contig, one.start - margin, one.end + margin, one.name) for one in genes]
    if not options.regions:
        return None
    places = []
    for number, line in table_lines(options.regions, headers=("#", "track", "browser")):
        cells = line.split("\t")
        if len(cells) < 4 or not (cells[1].isdigit() and cells[2].isdigit()):
            raise InputError(
                f"{options.regions}: line {number}: found {line!r}, wanted contig, start, end and a name"
            )
        places.append(_Place(cells[0], int(cells[1]) - margin, int(cells[2]) + margin, cells[3]))
    return places


def _grouped(places: list[_Place] | None, effects: Effects) -> Mapping[str, list[Allele]]:
    if places is None:
        named = sorted((region, allele) for allele, region in effects.regions.items())
        return {name: [allele for _, allele in held] for name, held in groupby(named, key=lambda one: one[0])}
    by_contig = {contig: list(held) for contig, held in groupby(effects.alleles, key=lambda one: one.contig)}
    starts = {contig: np.array([one.start for one in held]) for contig, held in by_contig.items()}
    longest = max(len(one.ref) for one in effects.alleles)
    grouped: dict[str, list[Allele]] = {}
    for one in places:
        held = grouped.setdefault(one.name, [])
        contig = synonym(one.contig, by_contig)
        if contig is None:
            continue
        first, last = np.searchsorted(starts[contig], (one.start - longest, one.end))
        near = by_contig[contig][int(first) : int(last)]
        held += [allele for allele in near if allele.end > one.start and allele not in held]
    return grouped

"""Blocks of gene burden: the alleles that a person carries, by gene and class of consequence."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from seqmill.errors import InputError
from seqmill.genome.variants import Allele
from seqmill.profiles.call_options import BurdenOptions
from seqmill.profiles.calls import genome
from seqmill.profiles.carried import Member, aggregate
from seqmill.profiles.dosage_reader import read_dosages
from seqmill.profiles.dosages import MISSING
from seqmill.profiles.orientation import place
from seqmill.profiles.people import find_people
from seqmill.profiles.plan import BlockPlan
from seqmill.profiles.seen import Seen, seen_alleles
from seqmill.profiles.sites import Sites
from seqmill.profiles.table import Found

FREQUENT, UNKNOWN_FREQUENCY = "frequent", "frequency_not_told"
"""Why an allele does not count: its frequency is above ``max_frequency``; the calls do not tell it."""

_BETA = 25


def read_burden(plan: BlockPlan, column: str, options: BurdenOptions) -> Found:
    """Read the burden of each gene and class, float32 [n, F]; features are named ``GENE:CLASS``.

    Raises
    ------
    InputError
        When a file cannot be used, or no allele of it counts.
    """
    people = find_people(plan, column, options.files)
    with genome(options.reference) as reference:
        seen = seen_alleles(people, options, reference)
        alleles = tuple(sorted(seen.classes))
        placed = place(Sites(alleles), reference)
        found = read_dosages(people, placed, options, reference=reference)
    frequency = _frequencies(alleles, seen, found.values, options)
    counted = frequency <= options.max_frequency  # not so where it is not told
    weights = np.where(counted, weight(np.nan_to_num(frequency), options.weight, len(people.ids)), 0.0)
    genes = _genes(options, seen)
    members: dict[str, list[Member]] = {f"{gene}:{name}": [] for gene in genes for name in options.classes}
    for number in np.flatnonzero(counted):
        for gene, name in seen.classes[alleles[number]].items():
            if f"{gene}:{name}" in members:
                members[f"{gene}:{name}"].append(Member(int(number), float(weights[number])))
    if not options.genes:
        members = {name: held for name, held in members.items() if held}
    if not any(members.values()):
        raise InputError(
            f"{plan.path}: no allele of {', '.join(options.classes)} found ({dict(seen.dropped)}); see that "
            "the annotation has CDS and is of this genome, or leave the block out"
        )
    dropped = seen.dropped | {
        FREQUENT: int((frequency > options.max_frequency).sum()),
        UNKNOWN_FREQUENCY: int(np.isnan(frequency).sum()),
    }
    report = {
        "people": len(people.ids),
        "alleles": {
            name: sum(name in seen.classes[alleles[number]].values() for number in np.flatnonzero(counted))
            for name in options.classes
        },
        "dropped": {reason: count for reason, count in dropped.items() if count},
        **found.facts,
    }
    return Found(
        people.ids,
        aggregate(found.values, members, how="sum", min_called=options.min_called),
        report,
    )


def weight(frequency: npt.NDArray[np.float64], kind: str, people: int) -> npt.NDArray[np.float64]:
    """Give what a copy of an allele counts.

    Parameters
    ----------
    frequency : np.ndarray, float64, shape (S,)
        Of the alleles; no closer to 0 and 1 than half a copy among the people.
    kind : str
        ``none``; ``beta``, the density of Beta(1, 25) of Wu et al. (2011), Am J Hum Genet 89; ``inverse_sd``,
        1 / sqrt(f (1 - f)) of Madsen and Browning (2009), PLoS Genet 5.
    people : int
        How many.
    """
    if kind == "none":
        return np.ones(len(frequency))
    least = 1 / (4 * people)
    held = np.clip(frequency, least, 1 - least)
    return _BETA * (1 - held) ** (_BETA - 1) if kind == "beta" else 1 / np.sqrt(held * (1 - held))


def _frequencies(
    alleles: tuple[Allele, ...], seen: Seen, dosages: npt.NDArray[np.int8], options: BurdenOptions
) -> npt.NDArray[np.float64]:
    """Give the frequency of each allele: of the calls' own field, or among the people; nan where not told."""
    if options.frequency:
        return np.array([seen.frequencies.get(one, np.nan) for one in alleles])
    called = dosages != MISSING
    copies = np.where(called, dosages, 0).sum(axis=0)
    return copies / np.maximum(1, 2 * called.sum(axis=0))


def _genes(options: BurdenOptions, seen: Seen) -> list[str]:
    if not options.genes:
        return sorted({gene for held in seen.classes.values() for gene in held})
    genes = [line.strip() for line in Path(options.genes).read_text().splitlines() if line.strip()]
    if len(set(genes)) < len(genes):
        twice = next(gene for gene in genes if genes.count(gene) > 1)
        raise InputError(f"{options.genes}: '{twice}' stands in {genes.count(twice)} lines; keep one")
    return genes

"""Weights matched to records by place and alleles, with a report, before any genotype is read."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from seqmill.errors import InputError
from seqmill.genome.bases import opposite_strand
from seqmill.profiles.polygenic.genotypes import Record, place_of
from seqmill.profiles.polygenic.options import ScoreOptions
from seqmill.profiles.polygenic.weights import Weight, Weights

MATCHED, FLIPPED, AMBIGUOUS = "matched", "flipped", "ambiguous"
"""Both alleles are there; they are on the other strand; they are there and each other's complement."""

DROPPED, ALLELES, ABSENT, UNPLACED = "ambiguous_dropped", "other_alleles", "absent", "without_place"
"""Left out by the rule of ambiguous alleles; the place has others; no such place; the file names none."""

_ENOUGH = 10
_AGREE = 0.75


class Use(NamedTuple):
    """A weight that counts: which record has it, and which of its alleles is the effect allele."""

    weight: Weight
    record: int
    allele: int


@dataclass(frozen=True)
class Match:
    """What was found of the weights.

    Attributes
    ----------
    uses : tuple of Use
        Weights that count.
    outcomes : dict
        Outcome -> number of weights.
    swapped : int
        Weights that count and whose effect allele is the reference.
    """

    uses: tuple[Use, ...]
    outcomes: dict[str, int]
    swapped: int

    @property
    def rate(self) -> float:
        """Share of the weights that count."""
        return len(self.uses) / sum(self.outcomes.values())

    @property
    def report(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "weights": sum(self.outcomes.values()),
            "used": len(self.uses),
            "rate": self.rate,
            "swapped": self.swapped,
            "outcomes": self.outcomes,
        }

    def __str__(self) -> str:
        told = ", ".join(
            f"{name.replace('_', ' ')} {count:,}" for name, count in self.outcomes.items() if count
        )
        return f"{len(self.uses):,} of {sum(self.outcomes.values()):,} weights used ({self.rate:.1%}): {told}"


def match(weights: Weights, records: Iterable[Record], options: ScoreOptions) -> Match:
    """Match weights to records.

    A record has a weight when both its alleles are among the record's; those of the other strand are
    looked for where these are not. A weight without another allele matches by the effect allele alone, as
    written.

    Parameters
    ----------
    weights : Weights
    records : iterable of Record
        Those at the places of the weights.
    options : ScoreOptions
    """
    at = defaultdict(list)
    for record in records:
        at[record.place].append(record)
    found = [_found(one, at.get(place_of(one.contig, one.start), ())) for one in weights.weights]
    flipped = any(outcome == FLIPPED for outcome, _ in found)
    leave = options.ambiguous == "drop" or (options.ambiguous == "infer" and flipped)
    found = [(DROPPED, None) if outcome == AMBIGUOUS and leave else (outcome, use) for outcome, use in found]
    counts = Counter(outcome for outcome, _ in found)
    order = (MATCHED, FLIPPED, AMBIGUOUS, DROPPED, ALLELES, ABSENT, UNPLACED)
    uses = tuple(use for _, use in found if use is not None)
    return Match(uses, {name: counts[name] for name in order}, sum(use.allele == 0 for use in uses))


def check_match(found: Match, weights: Weights, genotypes: str, options: ScoreOptions) -> None:
    """Refuse genotypes that are not those that the weights are about.

    Raises
    ------
    InputError
        When places agree but alleles do not, as between two genome builds, or too few weights are used.
    """
    agreed = sum(found.outcomes[name] for name in (MATCHED, FLIPPED, AMBIGUOUS, DROPPED))
    placed = agreed + found.outcomes[ALLELES]
    build = f"those of {weights.build}" if weights.build else "of a build that it does not name"
    if placed >= _ENOUGH and agreed < _AGREE * placed:
        raise InputError(
            f"{genotypes}: {placed:,} places of {weights.path} are there, but only {agreed:,} have its "
            f"alleles; its places are {build}, the genotypes seem to be of another build. Give the scoring "
            "file harmonised to that of the genotypes, or lift the genotypes over"
        )
    if not found.uses or found.rate < options.minimum_match:
        raise InputError(
            f"{genotypes}: {found}; wanted {options.minimum_match:.0%} of those of {weights.path}, whose "
            f"places are {build}. See that builds agree and that sites without variants were called, or "
            "lower minimum_match"
        )


def _found(weight: Weight, records: Iterable[Record]) -> tuple[str, Use | None]:
    if not weight.contig:
        return UNPLACED, None
    turned = opposite_strand(weight.effect), opposite_strand(weight.other)
    ambiguous = bool(weight.other) and turned == (weight.other, weight.effect)
    there = False
    for record in records:
        there = True
        if _holds(record, weight.effect, weight.other):
            use = Use(weight, record.number, record.alleles.index(weight.effect))
            return (AMBIGUOUS if ambiguous else MATCHED), use
    for record in records if weight.other else ():
        if _holds(record, *turned):
            return FLIPPED, Use(weight, record.number, record.alleles.index(turned[0]))
    return (ALLELES if there else ABSENT), None


def _holds(record: Record, effect: str, other: str) -> bool:
    return effect in record.alleles and (not other or other in record.alleles)

"""Scoring one set of genotypes against another by haplotype replay."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from seqmill.genome.haplotypes import Choice, agree
from seqmill.genome.intervals import Regions
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele, Variant
from seqmill.genome.windows import Carried, carried, windows

_WEIGHT = 1000


@dataclass(frozen=True, slots=True)
class SiteOutcome:
    """What became of one primitive allele of truth or calls.

    Attributes
    ----------
    allele : Allele
        Normalised.
    side : str
        ``truth`` or ``call``.
    copies : int
        Copies the genotype carries, 1 or 2.
    quality : float or None
        Of a call its own; of a truth allele that of the calls which reproduce it (the lowest of several).
    matched : bool
        Whether the other side reproduces the allele, whatever its copies.
    genotype_matched : bool
        Whether the other side reproduces it with the same copies.
    exact : bool
        Whether the other side holds the very same normalised allele.
    method : str
        ``exact`` where no search was needed, ``replay``, or ``bounded`` where the search was cut short, so
        that the outcome is a lower bound.
    """

    allele: Allele
    side: str
    copies: int
    quality: float | None
    matched: bool
    genotype_matched: bool
    exact: bool
    method: str


@dataclass(slots=True)
class _Side:
    """The alleles of one side in one window, and which of them are matched by now (places in `items`)."""

    items: list[Carried]
    genotype: set[int] = field(default_factory=set)
    allele: set[int] = field(default_factory=set)
    exact: set[int] = field(default_factory=set)

    def left(self, matched: set[int]) -> list[int]:
        return [place for place in range(len(self.items)) if place not in matched]


def replay_score(
    truth: Sequence[Variant],
    calls: Sequence[Variant],
    reference: Reference,
    *,
    regions: Regions | None = None,
    gap: int = 50,
) -> list[SiteOutcome]:
    """Score calls against truth.

    Both sides are taken apart into primitive alleles and compared in windows. Alleles that are equal
    match; where some are left on both sides, all alleles of the window are replayed: those subsets are
    chosen, of greatest total size, that spell the same pair of haplotypes with their copies. What is
    left then is compared without copies, on single haplotypes. Phase is not used.

    Count a true positive for each matched truth allele, a false negative for each other one, and a
    false positive for each call that is not matched: then a different spelling costs nothing.

    Parameters
    ----------
    truth, calls : sequence of Variant
        With genotypes.
    reference : Reference
        The reference of both.
    regions : Regions, optional
        Only alleles that lie inside are reported; those outside may still help to match them.
    gap : int
        Bases without any allele that separate windows.

    Returns
    -------
    list of SiteOutcome
        Sorted by position inside a window, truth first.
    """
    held = [carried(_near(side, regions, gap), reference) for side in (truth, calls)]
    alleles = [[item.allele for item in side] for side in held]
    outcomes: list[SiteOutcome] = []
    for window in windows(alleles[0], alleles[1], reference, gap=gap):
        wanted = _Side([held[0][index] for index in window.left])
        called = _Side([held[1][index] for index in window.right])
        outcomes += _score_window(wanted, called, window.contig, reference)
    if regions is None:
        return outcomes
    return [one for one in outcomes if regions.covers(one.allele.contig, one.allele.start, one.allele.end)]


def _near(variants: Sequence[Variant], regions: Regions | None, gap: int) -> Sequence[Variant]:
    if regions is None:
        return variants
    return [v for v in variants if regions.overlaps(v.contig, max(0, v.start - gap), v.end + gap)]


def _score_window(truth: _Side, calls: _Side, contig: str, reference: Reference) -> list[SiteOutcome]:
    _match_equal(truth, calls)
    method = "exact"
    if _worth_replay(truth, calls, truth.left(truth.genotype), calls.left(calls.genotype)):
        everything = list(range(len(truth.items))), list(range(len(calls.items)))
        complete = _replay(truth, calls, everything, contig, reference=reference, ploidy=2)
        method = "replay" if complete else "bounded"
    truth.allele |= truth.genotype | truth.exact
    calls.allele |= calls.genotype | calls.exact
    while _worth_replay(truth, calls, *(rest := (truth.left(truth.allele), calls.left(calls.allele)))):
        complete = _replay(truth, calls, rest, contig, reference=reference, ploidy=1)
        method = "replay" if complete and method != "bounded" else "bounded"
        if truth.left(truth.allele) == rest[0]:
            break
    lowest = _lowest_quality(calls)
    qualities = {item.allele: item.quality for item in calls.items}
    told = [
        _outcome(truth, place, "truth", method, qualities.get(item.allele, lowest))
        for place, item in enumerate(truth.items)
    ]
    return told + [
        _outcome(calls, place, "call", method, item.quality) for place, item in enumerate(calls.items)
    ]


def _match_equal(truth: _Side, calls: _Side) -> None:
    free: dict[Allele, list[int]] = {}
    for place, item in enumerate(calls.items):
        free.setdefault(item.allele, []).append(place)
    for place, item in enumerate(truth.items):
        if others := free.get(item.allele):
            other = max(others, key=lambda p: calls.items[p].copies == item.copies)
            others.remove(other)
            truth.exact.add(place)
            calls.exact.add(other)
            if calls.items[other].copies == item.copies:
                truth.genotype.add(place)
                calls.genotype.add(other)


def _worth_replay(truth: _Side, calls: _Side, truth_left: list[int], calls_left: list[int]) -> bool:
    """Say whether another spelling could match more of what is left.

    It could not where one side has nothing left, where all that is left differs in copies alone, or
    where substitutions alone are left beside insertions and deletions written alike.
    """
    left = [(truth, place) for place in truth_left] + [(calls, place) for place in calls_left]
    if not truth_left or not calls_left or all(place in side.exact for side, place in left):
        return False
    indels_written = [{item.edit for item in side.items if not item.allele.is_snp} for side in (truth, calls)]
    return indels_written[0] != indels_written[1] or not all(
        side.items[place].allele.is_snp for side, place in left
    )


def _replay(
    truth: _Side,
    calls: _Side,
    places: tuple[list[int], list[int]],
    contig: str,
    *,
    reference: Reference,
    ploidy: int,
) -> bool:
    """Match alleles by replay, in place, and say whether the search was complete."""
    choices = []
    for side, chosen, left in ((truth, places[0], True), (calls, places[1], False)):
        for place in chosen:
            item = side.items[place]
            copies = (min(item.copies, ploidy),)
            choices.append(Choice(item.edit, left, copies, _WEIGHT + (place in side.genotype)))
    found = agree(choices, contig, reference, ploidy=ploidy)
    if ploidy == 2 and sum(map(bool, found.copies)) < len(truth.genotype) + len(calls.genotype):
        return found.complete
    taken = [bool(copies) for copies in found.copies]
    for side, chosen, flags in (
        (truth, places[0], taken[: len(places[0])]),
        (calls, places[1], taken[len(places[0]) :]),
    ):
        matched = {place for place, flag in zip(chosen, flags, strict=True) if flag}
        if ploidy == 2:
            side.genotype = matched
        else:
            side.allele |= matched
    return found.complete


def _lowest_quality(calls: _Side) -> float | None:
    respelt = (calls.items[place].quality for place in calls.allele - calls.exact)
    return min((quality for quality in respelt if quality is not None), default=None)


def _outcome(side: _Side, place: int, name: str, method: str, quality: float | None) -> SiteOutcome:
    item = side.items[place]
    matched = place in side.allele
    return SiteOutcome(
        allele=item.allele,
        side=name,
        copies=item.copies,
        quality=quality if matched or name == "call" else None,
        matched=matched,
        genotype_matched=place in side.genotype,
        exact=place in side.exact,
        method=method,
    )

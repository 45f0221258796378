"""How well a list of sites and the calls match: the report, and what is refused."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from seqmill.errors import InputError
from seqmill.profiles.call_options import DosageOptions
from seqmill.profiles.dosages import MISSING, Dosages
from seqmill.profiles.orientation import (
    AMBIGUOUS,
    BOTH,
    DECLARED,
    FLIPPED,
    MISMATCH,
    SWAPPED,
    UNSEEN,
    Placed,
)
from seqmill.profiles.people import People
from seqmill.profiles.sites import Sites, name_of

_SHOWN = 5
_FEWEST = 10  # telling sites from which their share says something

_KINDS = {
    "swapped": ((SWAPPED, BOTH), "have the genome's allele as their alternative one"),
    "flipped": ((FLIPPED, BOTH), "are given on the other strand"),
}


def match_report(sites: Sites, people: People, placed: Sequence[Placed], found: Dosages) -> dict[str, Any]:
    """Tell how well sites and calls match.

    Returns
    -------
    dict
        ``sites``, ``people``, ``files``: how many. ``found``: sites with a call in anybody, ``match_rate``:
        their share. ``orientation``: sites by how they lie in the genome, ``examples`` of those that do not
        fit. ``dosages``: how many were told by what, and how many are missing; ``refused``: genotypes that do
        not count, by reason. ``call_rate``: share of the sites called, the lowest, median and highest of all
        people. ``dropped``: alleles of the list left out. ``contigs``: those named otherwise in the genome.
        No person is named.
    """
    called = found.values != MISSING
    rates = called.mean(axis=1)
    present = int(called.any(axis=0).sum())
    return {
        "sites": len(sites),
        "people": len(people.ids),
        "files": len(people.files),
        "found": present,
        "match_rate": present / len(sites),
        "orientation": counts_of(placed),
        "examples": examples_of(placed, MISMATCH, AMBIGUOUS),
        **found.facts,
        "call_rate": {
            "lowest": float(rates.min()),
            "median": float(np.median(rates)),
            "highest": float(rates.max()),
        },
        "dropped": sites.dropped,
        "contigs": {one.declared.contig: one.contig for one in placed if one.contig != one.declared.contig},
    }


def counts_of(placed: Sequence[Placed]) -> dict[str, int]:
    """Count sites by orientation."""
    kinds = (DECLARED, SWAPPED, FLIPPED, BOTH, AMBIGUOUS, MISMATCH, UNSEEN)
    return {name: sum(one.orientation == name for one in placed) for name in kinds}


def examples_of(placed: Sequence[Placed], *orientations: str) -> list[str]:
    """Tell the first few sites of some orientations, with what the genome has there."""
    found = [one for one in placed if one.orientation in orientations]
    return [
        name_of(one.declared) + (f" where the genome has {one.base}" if one.base else "")
        for one in found[:_SHOWN]
    ]


def check_orientation(placed: Sequence[Placed], options: DosageOptions) -> None:
    """Refuse a list of another build, and sites that are swapped or on the other strand unless that is fixed.

    On one strand or the other, swapped or not, the alleles of a plain SNP are all four bases, so that those
    of another build fit by chance. Where both are fixed, A/T and C/G sites, indels and longer alleles tell.

    Raises
    ------
    InputError
        When fewer than `options.min_match` of the sites whose genome is known fit; when any are swapped or
        flipped, and the option for them is ``refuse``.
    """
    refused = {
        kind for name, (kinds, _) in _KINDS.items() if getattr(options, name) == "refuse" for kind in kinds
    }
    unfit = {MISMATCH, AMBIGUOUS, *refused}
    known = [one for one in placed if one.orientation != UNSEEN]
    telling = [one for one in known if one.telling]
    for held in (known, telling if len(telling) >= _FEWEST else []):
        wrong = sum(one.orientation in unfit for one in held)
        rate = 1 - wrong / max(1, len(held))
        if rate < options.min_match:
            told = ", ".join(f"{kind.replace('_', ' ')} {n:,}" for kind, n in counts_of(held).items() if n)
            raise InputError(
                f"{options.sites}: {wrong:,} of {len(held):,} sites do not have the alleles of the genome "
                f"({told}; such as {'; '.join(examples_of(held, *sorted(unfit)))}): {rate:.1%} match, wanted "
                f"{options.min_match:.1%}; the list is of another build: give the one of this genome, or, if "
                "it is swapped or on the other strand throughout, set the options swapped or flipped to fix"
            )
    for name, (kinds, means) in _KINDS.items():
        count = sum(one.orientation in kinds for one in placed)
        if count and getattr(options, name) == "refuse":
            raise InputError(
                f"{options.sites}: {count:,} of {len(placed):,} sites {means} "
                f"({'; '.join(examples_of(placed, *kinds))}); correct the list, or set the option "
                f"{name}: fix to count the copies of the allele that it names"
            )


def check_rate(
    report: dict[str, Any], placed: Sequence[Placed], options: DosageOptions, *, path: str
) -> None:
    """Refuse calls that hold too few of the sites.

    Raises
    ------
    InputError
        When fewer than `options.min_match` are called in anybody.
    """
    if report["match_rate"] >= options.min_match:
        return
    told = {name: count for name, count in report["orientation"].items() if count} | report["refused"]
    facts = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in told.items())
    some = report["examples"] or examples_of(placed, *report["orientation"])[:3]
    raise InputError(
        f"{path}: {report['found']:,} of {report['sites']:,} sites of {options.sites} are called in "
        f"anybody ({report['match_rate']:.1%}), wanted {options.min_match:.1%} ({facts}; such as "
        f"{'; '.join(some)}); the sites are of another build or were not called: give those of this genome, "
        "calls with reference blocks, the option absent: reference where files hold every variant, or a "
        "lower min_match"
    )

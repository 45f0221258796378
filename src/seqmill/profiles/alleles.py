"""What the alleles of a record say of a site."""

from collections.abc import Sequence
from typing import NamedTuple

from seqmill.genome.normalise import is_sequence, trim
from seqmill.profiles.orientation import DECLARED, SWAPPED, Key, Placed

UNKNOWN = -1
"""Code of an allele that does not tell whether a haplotype carries what is counted, such as ``<NON_REF>``."""

SPANNING = "*"


class Told(NamedTuple):
    """What a record says of a site.

    Attributes
    ----------
    copies : list of int
        For each allele of the record, the reference first: 0, 1 or `UNKNOWN`.
    exact : bool
        Whether the record has both alleles of the site.
    """

    copies: list[int]
    exact: bool


def is_block(alts: Sequence[str]) -> bool:
    """Say whether a record has no alternative allele but such as stand for all that were not seen."""
    return all(alt.startswith("<") for alt in alts)


def codes(site: Placed, start: int, ref: str, alts: Sequence[str], keys: Sequence[Key | None]) -> Told | None:
    """Say for each allele of a record, the reference first, how often it carries what is counted at a site.

    Parameters
    ----------
    site : Placed
        Its span overlaps that of the record; what the record's reference allele tells of it is taken in.
    start : int
        Start of `ref`, 0-based.
    ref : str
        Reference allele of the record.
    alts : sequence of str
        Its alternative alleles.
    keys : sequence of Key or None
        Their spellings, None where they are no bases.

    Returns
    -------
    Told or None
        None when the record's reference allele is not what the genome has.
    """
    if not site.same_length:
        return _by_key(site, keys)
    first, last = site.start - start, site.end - start
    if first < 0 or last > len(ref):
        return Told([UNKNOWN] * (1 + len(alts)), exact=False)
    held = ref[first:last]
    site.settle(held)
    carried = [held, *(_carried(ref, alt, first, last) for alt in alts)]
    if held != site.base and site.base not in carried:
        return None
    told = [UNKNOWN if one is None else int(one == site.counted) for one in carried]
    return Told(told, exact=site.counted in carried and site.other in carried)


def _by_key(site: Placed, keys: Sequence[Key | None]) -> Told:
    found = [None if key is None else site.keys.get(key) for key in keys]
    if SWAPPED in found:
        site.swap()
    turned = site.orientation == SWAPPED
    told = [int(turned)]
    for key, match in zip(keys, found, strict=True):
        if key is None or (turned and match is None):
            told.append(UNKNOWN)
        else:
            told.append(int(match == DECLARED))
    return Told(told, exact=DECLARED in found or SWAPPED in found)


def _carried(ref: str, alt: str, first: int, last: int) -> str | None:
    """Give what a haplotype with `alt` has in the place of ``ref[first:last]``; None where it is not told."""
    if alt == SPANNING:
        return ""
    if not is_sequence(alt):
        return None
    if len(alt) == len(ref):
        return alt[first:last]
    at, replaced, _ = trim(0, ref, alt)
    if last <= at or first >= at + len(replaced):
        return ref[first:last]
    return ""

"""One spelling for each allele: trimmed, and shifted as far left as it goes."""

from collections.abc import Iterable

from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele, Variant

_STRIDE = 64
_BASES = frozenset("ACGTN")


def normalise(contig: str, start: int, ref: str, alt: str, reference: Reference) -> Allele:
    """Trim an allele and left-align it.

    The allele ends as short and as far left as it can be written, with one base before it (after it,
    at the start of a contig) where an insertion or deletion would leave `ref` or `alt` empty.

    Parameters
    ----------
    contig : str
        Contig name.
    start : int
        Start of `ref`, 0-based.
    ref, alt : str
        Replaced and replacing bases, upper case; they have to differ.
    reference : Reference
        The reference `ref` was taken from.

    Raises
    ------
    ValueError
        When `ref` and `alt` are the same.

    Notes
    -----
    The algorithm of Tan, Abecasis and Kang, "Unified representation of genetic variants",
    Bioinformatics 31 (2015).
    """
    if len(ref) == len(alt) == 1 and ref != alt:
        return Allele(contig, start, ref, alt)
    if ref == alt:
        raise ValueError(f"{contig}:{start + 1}: ref and alt are both {ref}")
    start, ref, alt = trim(start, ref, alt)
    if ref and alt:
        return Allele(contig, start, ref, alt)
    return _anchored(contig, *_shift_left(contig, start, ref, alt, reference), reference)


def trim(start: int, ref: str, alt: str) -> tuple[int, str, str]:
    """Cut the bases that `ref` and `alt` share, right before left; one may end empty."""
    shared = _shared_suffix(ref, alt)
    ref, alt = ref[: len(ref) - shared], alt[: len(alt) - shared]
    shared = 0
    for a, b in zip(ref, alt, strict=False):
        if a != b:
            break
        shared += 1
    return start + shared, ref[shared:], alt[shared:]


def split_alleles(variants: Iterable[Variant], reference: Reference) -> list[tuple[Allele, int]]:
    """Split variants into normalised alleles with the copies (0, 1 or 2) their genotype carries.

    Symbolic and spanning alleles (``<...>``, ``*``, breakends) are left out. A variant without a
    genotype gives its alleles with 0 copies.
    """
    return [
        (normalise(variant.contig, variant.start, variant.ref, alt, reference), variant.copies(number))
        for variant in variants
        for number, alt in enumerate(variant.alts, 1)
        if is_sequence(alt) and alt != variant.ref
    ]


def is_sequence(alt: str) -> bool:
    """Say whether an alternative allele is written out in bases."""
    return bool(alt) and _BASES.issuperset(alt)


def _shared_suffix(ref: str, alt: str) -> int:
    shared = 0
    for a, b in zip(reversed(ref), reversed(alt), strict=False):
        if a != b:
            break
        shared += 1
    return shared


def _shift_left(contig: str, start: int, ref: str, alt: str, reference: Reference) -> tuple[int, str, str]:
    """Shift a pure insertion or deletion left while the base before it equals its last base."""
    moved = ref or alt
    stop = start
    before = ""
    while start > 0:
        if start == stop:
            stop = max(0, start - _STRIDE)
            before = reference.fetch(contig, stop, start)
        base = before[start - stop - 1]
        if base != moved[-1]:
            break
        moved = base + moved[:-1]
        start -= 1
    return (start, moved, alt) if ref else (start, ref, moved)


def _anchored(contig: str, start: int, ref: str, alt: str, reference: Reference) -> Allele:
    if start > 0:
        base = reference.fetch(contig, start - 1, start)
        return Allele(contig, start - 1, base + ref, base + alt)
    after = start + len(ref)
    base = reference.fetch(contig, after, after + 1)
    return Allele(contig, start, ref + base, alt + base)

"""The stretch of the reference that an allele stands for, however it is written."""

from typing import NamedTuple

from seqmill.genome.normalise import normalise, trim
from seqmill.genome.reference import Reference
from seqmill.genome.windows import reach


class Change(NamedTuple):
    """The reference bases of ``[start, end)``, 0-based, are replaced by `bases`; either may be empty."""

    contig: str
    start: int
    end: int
    bases: str


def justified(contig: str, start: int, ref: str, alt: str, reference: Reference) -> Change:
    """Give an allele over all places where it could be written.

    Shared ends are cut. An insertion or deletion inside a repeat is extended over the whole repeat, to the
    left and to the right, so that every way to write it gives the same change, on both strands alike.

    Parameters
    ----------
    contig : str
        A contig of the reference.
    start : int
        Start of `ref`, 0-based.
    ref, alt : str
        Replaced and replacing bases, upper case; they may be the same.
    reference : Reference
        The reference `ref` was taken from.

    Notes
    -----
    The fully justified allele of Holmes, Moyer, Phan, Maglott and Kattman, "SPDI: data model for variants and
    applications at NCBI", Bioinformatics 36 (2020).
    """
    if ref == alt:
        return Change(contig, start, start + len(ref), alt)
    place, replaced, bases = trim(start, ref, alt)
    if replaced and bases:
        return Change(contig, place, place + len(replaced), bases)
    left = normalise(contig, start, ref, alt, reference)
    first, replaced, bases = trim(left.start, left.ref, left.alt)
    last = max(first + len(replaced), reach(left, reference))
    held = reference.fetch(contig, first, last)
    return Change(contig, first, last, bases + held[len(replaced) :])

"""How a declared site lies in the genome of the calls: as declared, swapped, on the other strand, or not."""

from dataclasses import dataclass, field

from seqmill.genome.bases import opposite_strand
from seqmill.genome.names import synonym
from seqmill.genome.normalise import normalise, trim
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele
from seqmill.profiles.sites import Sites

DECLARED, SWAPPED, FLIPPED, BOTH = "as_declared", "swapped", "flipped", "flipped_and_swapped"
AMBIGUOUS, MISMATCH, UNSEEN = "ambiguous", "mismatch", "unseen"
"""Orientations. Ambiguous: the genome has the alternative allele of a pair that is its own complement, so
that swapped and flipped look alike. Mismatch: the genome has none of the alleles. Unseen: nothing told."""

USABLE = (DECLARED, SWAPPED, FLIPPED, BOTH, UNSEEN)
"""Orientations at which copies of the alternative allele can be counted."""

Key = tuple[int, str, str]
"""0-based start, replaced and replacing bases of an allele cut to what it changes; one may be empty."""


@dataclass
class Placed:
    """A site as the genome of the calls has it.

    Attributes
    ----------
    declared : Allele
        As the list has it.
    contig : str
        Name of the contig in the genome, or as declared.
    orientation : str
        One of the above.
    counted, other : str
        The allele whose copies are counted, and the other one, on the forward strand of the genome.
    base : str
        What the genome has there, empty until it is known.
    keys : dict
        Spelling of an insertion or deletion in a record -> whether it is `DECLARED` or `SWAPPED` so.
    forward : bool
        Whether the list is known to be on the forward strand, so that no site is ambiguous or flipped.
    """

    declared: Allele
    contig: str
    orientation: str
    counted: str
    other: str
    base: str = ""
    keys: dict[Key, str] = field(default_factory=dict)
    forward: bool = False

    @property
    def start(self) -> int:
        """0-based."""
        return self.declared.start

    @property
    def end(self) -> int:
        """End of the genome's allele, 0-based exclusive."""
        held = self.declared.alt if self.orientation == SWAPPED else self.declared.ref
        return self.start + len(held)

    @property
    def same_length(self) -> bool:
        """Whether bases are replaced by as many."""
        return len(self.counted) == len(self.other)

    @property
    def telling(self) -> bool:
        """Whether the genome can differ from it on both strands; most SNPs have all four letters there."""
        turned = opposite_strand(self.declared.ref)
        return not self.same_length or len(turned) > 1 or self.declared.alt == turned

    @property
    def reference_copies(self) -> int:
        """How many copies of the counted allele a haplotype like the genome carries: 0 or 1."""
        return int(self.orientation in (SWAPPED, BOTH))

    def settle(self, base: str) -> None:
        """Take in what the genome has at the site; only the first time counts.

        Parameters
        ----------
        base : str
            The bases of the genome at the site's span, upper case.
        """
        if self.base:
            return
        self.base = base
        if not self.same_length:
            self.orientation = DECLARED if base == self.other else MISMATCH
            return
        ref, alt = self.declared.ref, self.declared.alt
        turned = opposite_strand(ref), opposite_strand(alt)
        if base == ref:
            self.orientation = DECLARED
        elif base == alt:
            self.orientation = AMBIGUOUS if alt == turned[0] and not self.forward else SWAPPED
        elif base in turned and not self.forward:
            self.orientation = FLIPPED if base == turned[0] else BOTH
            self.other, self.counted = turned
        else:
            self.orientation = MISMATCH

    def swap(self) -> None:
        """Take the alternative allele of an insertion or deletion for that of the genome."""
        self.orientation, self.base = SWAPPED, self.declared.alt


def place(sites: Sites, reference: Reference | None, *, forward: bool = False) -> list[Placed]:
    """Place sites in the genome; without one their orientation is left to what the calls tell.

    Parameters
    ----------
    sites : Sites
        The list.
    reference : Reference or None
        The genome.
    forward : bool
        Whether the list is known to be on the forward strand.
    """
    placed = []
    for allele in sites.alleles:
        contig = allele.contig if reference is None else synonym(allele.contig, reference.contigs)
        known = Placed(allele, contig or allele.contig, UNSEEN, allele.alt, allele.ref, forward=forward)
        if reference is not None:
            _settle(known, contig, reference)
        if not known.same_length:
            known.keys = _keys(known, reference)
        placed.append(known)
    return placed


def _settle(site: Placed, contig: str | None, reference: Reference) -> None:
    if contig is None or site.end > reference.contigs[contig]:
        site.orientation = MISMATCH
        return
    base = reference.fetch(contig, site.start, site.end)
    alt = site.declared.alt
    if not site.same_length and base != site.declared.ref:
        end = min(site.start + len(alt), reference.contigs[contig])
        if reference.fetch(contig, site.start, end) == alt:
            site.swap()
            return
    site.settle(base)


def _keys(site: Placed, reference: Reference | None) -> dict[Key, str]:
    ref, alt = site.declared.ref, site.declared.alt
    turned = key_of(site.contig, site.start, alt, ref, reference if site.orientation == SWAPPED else None)
    straight = key_of(site.contig, site.start, ref, alt, reference if site.orientation == DECLARED else None)
    return {turned: SWAPPED, straight: DECLARED}


def key_of(contig: str, start: int, ref: str, alt: str, reference: Reference | None) -> Key:
    """Give an allele in the one spelling by which they are compared, left-aligned where a genome is known."""
    if reference is not None and contig in reference.contigs:
        _, start, ref, alt = normalise(contig, start, ref, alt, reference)
    return trim(start, ref, alt)

"""The two sequences of a diploid individual."""

from collections.abc import Sequence

import numpy as np

from seqmill.genome.variants import Variant

_CODE = np.full(256, 4, np.uint8)
_CODE[np.frombuffer(b"ACGT", np.uint8)] = np.arange(4)


def build_haplotype(codes: np.ndarray, variants: Sequence[Variant], side: int) -> np.ndarray:
    """Replace what one haplotype carries.

    Parameters
    ----------
    codes : np.ndarray
        uint8 codes of the whole contig.
    variants : sequence of Variant
        Of this contig, in order of start, free of overlaps, with genotypes.
    side : int
        0 for the allele before the bar of the phased genotype, 1 for the one behind it.

    Returns
    -------
    np.ndarray
        uint8 codes.
    """
    pieces = []
    at = 0
    for variant in variants:
        number = variant.genotype[side] if variant.genotype else 0
        if not number:
            continue
        pieces.append(codes[at : variant.start])
        pieces.append(_CODE[np.frombuffer(variant.alts[number - 1].encode(), np.uint8)])
        at = variant.end
    pieces.append(codes[at:])
    return np.concatenate(pieces)

"""How many copies of an allele a genotype has."""

from collections.abc import Sequence

from seqmill.profiles.alleles import UNKNOWN
from seqmill.profiles.call_options import CallOptions
from seqmill.profiles.records import Genotype

NO_CALL, HALF_CALL, PLOIDY, NOT_TOLD = "no_call", "half_call", "ploidy", "symbolic_allele"
"""Why a genotype gives no dosage: all of its alleles are missing; some are; it has more than two; it has one
that does not tell, such as ``<NON_REF>``."""


def copies_of(genotype: Genotype, told: Sequence[int], options: CallOptions) -> int | str:
    """Count the copies of an allele, 0 to 2.

    Parameters
    ----------
    genotype : tuple of (int or None)
        Allele numbers, 0 the reference, None missing.
    told : sequence of int
        Copies that each allele of the record carries, or `UNKNOWN`; the reference first.
    options : CallOptions
        What half-calls and haploid calls are.

    Returns
    -------
    int or str
        Copies, or why they cannot be told.
    """
    if all(one is None for one in genotype):
        return NO_CALL
    if len(genotype) > 2:
        return PLOIDY
    if None in genotype and options.half_calls == "missing":
        return HALF_CALL
    alleles = [one or 0 for one in genotype]
    carried = [told[one] if one < len(told) else UNKNOWN for one in alleles]
    if UNKNOWN in carried:
        return NOT_TOLD
    return sum(carried) * (2 if len(carried) == 1 and options.haploid == "double" else 1)

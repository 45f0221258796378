"""Polymorphic sites with allele frequencies."""

import os
from dataclasses import dataclass

import pysam

from seqmill.errors import InputError
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Variant, check_reference


@dataclass(frozen=True)
class Site:
    """A polymorphic site: alternative alleles, each with its frequency in the population."""

    start: int
    ref: str
    alts: tuple[str, ...]
    frequencies: tuple[float, ...]


def read_sites(path: str | os.PathLike[str], source: str, *, contig: str, reference: Reference) -> list[Site]:
    """Read the polymorphic sites of a contig and their frequencies (INFO/AF).

    Parameters
    ----------
    path : path
        VCF or BCF.
    source : str
        The contig's name in it.
    contig : str
        The same contig's name in the reference.
    reference : Reference

    Raises
    ------
    InputError
        When the file holds no site with a frequency on the contig, or any REF differs from the reference.
    """
    sites = []
    with pysam.VariantFile(os.fspath(path)) as records:
        for record in records:
            if record.contig == source and record.alts and "AF" in record.info:
                sites.append(Site(record.start, record.ref.upper(), record.alts, record.info["AF"]))
    if not sites:
        raise InputError(
            f"{path}: holds no site with INFO/AF on contig '{source}'; name its contig with sites_contig"
        )
    held = (Variant(contig, site.start, site.ref, site.alts) for site in sites)
    check_reference(held, reference, name=os.fspath(path))
    return sites

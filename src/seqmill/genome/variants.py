"""Small variants: records as a VCF holds them, and single alleles."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pysam

from seqmill.errors import InputError, nearest
from seqmill.genome.intervals import Regions
from seqmill.genome.names import check_names
from seqmill.genome.reference import Reference


class Allele(NamedTuple):
    """One alternative allele; `start` is 0-based, `ref` and `alt` are upper-case bases, never empty."""

    contig: str
    start: int
    ref: str
    alt: str

    @property
    def end(self) -> int:
        """End of the replaced bases, 0-based exclusive."""
        return self.start + len(self.ref)

    @property
    def is_snp(self) -> bool:
        """Whether one base replaces one base."""
        return len(self.ref) == len(self.alt) == 1

    def __str__(self) -> str:
        return f"{self.contig}:{self.start + 1} {self.ref}>{self.alt}"


@dataclass(frozen=True, slots=True)
class Variant:
    """One record of a VCF for one sample.

    Attributes
    ----------
    contig : str
        Contig name.
    start : int
        Start of `ref`, 0-based.
    ref : str
        Replaced bases, upper case.
    alts : tuple of str
        Alternative alleles, upper case; symbolic ones are kept as written.
    genotype : tuple of (int or None), or None
        Allele numbers as in VCF (0 is `ref`), None where missing; None when there is no genotype at all.
    phased : bool
        Whether the genotype is phased.
    quality : float or None
        QUAL.
    filters : tuple of str
        FILTER entries; empty where missing.
    """

    contig: str
    start: int
    ref: str
    alts: tuple[str, ...]
    genotype: tuple[int | None, ...] | None = None
    phased: bool = False
    quality: float | None = None
    filters: tuple[str, ...] = ()

    @property
    def end(self) -> int:
        """End of the replaced bases, 0-based exclusive."""
        return self.start + len(self.ref)

    def copies(self, alt: int) -> int:
        """Give how many chromosomes carry alternative `alt` (1 is the first); a haploid call counts two."""
        if self.genotype is None:
            return 0
        return self.genotype.count(alt) * (2 if len(self.genotype) == 1 else 1)


def read_vcf(
    path: str | os.PathLike[str], *, sample: str | None = None, regions: Regions | None = None
) -> list[Variant]:
    """Read the variants of one sample from a VCF or BCF, plain or compressed, in the order of the file.

    Records without an alternative allele are left out.

    Parameters
    ----------
    path : path
        The VCF; an index is used where there is one.
    sample : str, optional
        Which sample's genotypes to read; the only sample of a file is read under any name.
    regions : Regions, optional
        Keep only records whose reference allele overlaps these.

    Raises
    ------
    InputError
        When the file is missing, is no VCF, is cut short, or the sample is not in it or not given.
    """
    source = Path(path)
    if not source.is_file():
        raise InputError(f"{source}: there is no such VCF file")
    verbosity = pysam.set_verbosity(0)
    try:
        with pysam.VariantFile(str(source)) as handle:
            chosen = _choose_sample(source, list(handle.header.samples), sample)
            records = handle if regions is None else _near(handle, regions)
            variants = [_variant(record, chosen) for record in records if record.alts]
    except (OSError, ValueError) as error:
        raise InputError(f"{source}: cannot be read as VCF ({error}); wanted a whole VCF or BCF") from error
    finally:
        pysam.set_verbosity(verbosity)
    if regions is None:
        return variants
    return [variant for variant in variants if regions.overlaps(variant.contig, variant.start, variant.end)]


def check_reference(variants: Iterable[Variant], reference: Reference, *, name: str) -> None:
    """Check that the reference allele of each variant is what the reference holds there.

    Variants on contigs that the reference lacks are passed over, unless all are or another name fits.

    Parameters
    ----------
    variants : iterable of Variant
        What to check.
    reference : Reference
        The reference they should belong to.
    name : str
        The file or table the variants came from, for the message.

    Raises
    ------
    InputError
        When contigs are named otherwise; when any allele differs, and then the message counts them and
        shows the first.
    """
    given = list(variants)
    check_names(name, (variant.contig for variant in given), reference.contigs, reference=reference.path)
    known = [variant for variant in given if variant.contig in reference.contigs]
    wrong = 0
    example = ""
    for variant in known:
        length = reference.contigs[variant.contig]
        if variant.end > length:
            held = f"only {length} bases"
        else:
            held = reference.fetch(variant.contig, variant.start, variant.end)
            if _agrees(variant.ref, held):
                continue
        wrong += 1
        example = example or f"{variant.contig}:{variant.start + 1} has {variant.ref}, the reference {held}"
    if wrong:
        raise InputError(
            f"{name}: REF of {wrong} of {len(known)} variants differs from {reference.path} ({example}); "
            "it was made from another build of the genome: give the variants of this one"
        )


def _agrees(ref: str, held: str) -> bool:
    return ref == held or all(a in (b, "N") or b not in "ACGT" for a, b in zip(ref, held, strict=True))


def _choose_sample(source: Path, held: list[str], sample: str | None) -> str | None:
    if sample is not None and sample not in held and len(held) != 1:
        raise InputError(
            f"{source}: holds no sample '{sample}'{nearest(sample, held)}; "
            f"it holds {', '.join(held) or 'none'}"
        )
    if sample is None and len(held) > 1:
        some = ", ".join(held[:5])
        raise InputError(f"{source}: holds {len(held)} samples ({some}); say which one to read")
    return sample if sample in held else next(iter(held), None)


def _near(handle: pysam.VariantFile, regions: Regions) -> Iterator[pysam.VariantRecord]:
    if handle.index is None:
        yield from handle
        return
    for contig in regions.contigs:
        if contig in handle.index:
            yield from handle.fetch(contig, int(regions.starts(contig)[0]), int(regions.ends(contig)[-1]))


def _variant(record: pysam.VariantRecord, sample: str | None) -> Variant:
    genotype, phased = None, False
    if sample is not None and "GT" in record.format:
        call = record.samples[sample]
        genotype, phased = call.allele_indices, call.phased
    return Variant(
        record.contig,
        record.start,
        record.ref.upper(),
        tuple(alt if alt.startswith("<") else alt.upper() for alt in record.alts),
        genotype,
        phased,
        record.qual,
        tuple(record.filter.keys()),
    )

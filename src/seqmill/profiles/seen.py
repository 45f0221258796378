"""Alleles that files of genotypes hold, with what they do to genes."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pysam

from seqmill.errors import InputError
from seqmill.genome.consequences import ConsequenceCaller
from seqmill.genome.gff import read_annotation
from seqmill.genome.names import synonym
from seqmill.genome.normalise import is_sequence, normalise
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele
from seqmill.profiles.call_options import BurdenOptions
from seqmill.profiles.people import People
from seqmill.profiles.records import ANY_OTHER, FILTERED, opened, values_of
from seqmill.profiles.sites import SYMBOLIC
from seqmill.profiles.terms import Terms

NONE = "no_consequence"
"""Why an allele is passed over: it does nothing to a gene that counts."""

_LEAST_READABLE = 0.5  # another build shifts frames, and a shifted frame stops after some twenty codons

_Classes = Callable[[pysam.VariantRecord, list[Allele | None]], list[dict[str, str]]]


@dataclass
class Seen:
    """Alleles and their consequences.

    Attributes
    ----------
    classes : dict
        Allele -> gene -> class of consequence.
    frequencies : dict
        Allele -> its frequency, where the calls tell it.
    dropped : Counter
        Reason -> alleles of records passed over.
    """

    classes: dict[Allele, dict[str, str]] = field(default_factory=dict)
    frequencies: dict[Allele, float] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)


def seen_alleles(people: People, options: BurdenOptions, reference: Reference | None) -> Seen:
    """Find the alleles of the files that are of a class of consequence that counts.

    Raises
    ------
    InputError
        When a file cannot be read, or does not tell the consequences that it should; when the annotation is
        of another build.
    """
    found = Seen()
    caller = None
    if options.consequences == "own" and reference is not None:
        annotation = read_annotation(options.annotation, contigs=reference.contigs)
        caller = ConsequenceCaller(annotation, reference)
        _check_build(caller, options)
    for path in people.files:
        with opened(path) as handle:
            if caller is not None:
                tell = _called(caller)
            else:
                tell = _told(Terms(handle.header, options.consequences, path=path))
            for record in handle:
                _take(record, found, options, reference, tell)
    return found


def _check_build(caller: ConsequenceCaller, options: BurdenOptions) -> None:
    """Refuse an annotation whose coding stretches do not translate in the genome."""
    whole, total = caller.readable
    if not total:
        raise InputError(
            f"{options.annotation}: no transcript has a CDS on a contig of {options.reference}; give an "
            "annotation with CDS of this genome, or take consequences of the calls (CSQ or ANN)"
        )
    if whole < _LEAST_READABLE * total:
        raise InputError(
            f"{options.annotation}: {total - whole:,} of {total:,} coding transcripts have a stop before "
            f"their end in {options.reference}; it is of another build: give the annotation of this genome"
        )


def _called(caller: ConsequenceCaller) -> _Classes:
    return lambda record, alleles: [caller.call(one) if one else {} for one in alleles]


def _told(terms: Terms) -> _Classes:
    return lambda record, alleles: terms.of(record)


def _take(
    record: pysam.VariantRecord,
    found: Seen,
    options: BurdenOptions,
    reference: Reference | None,
    tell: _Classes,
) -> None:
    alts = record.alts or ()
    if options.filtered == "missing" and set(record.filter.keys()) - {"PASS"}:
        found.dropped[FILTERED] += len(alts)
        return
    alleles = [_allele(record, alt, reference) for alt in alts]
    if not any(alleles):
        found.dropped[SYMBOLIC] += sum(alt not in ANY_OTHER for alt in alts)
        return
    frequencies = values_of(record, options.frequency) if options.frequency else ()
    for number, (allele, classes) in enumerate(zip(alleles, tell(record, alleles), strict=True)):
        held = {gene: name for gene, name in classes.items() if name in options.classes}
        if alts[number] in ANY_OTHER:
            continue
        if allele is None or not held:
            found.dropped[SYMBOLIC if allele is None else NONE] += 1
            continue
        found.classes.setdefault(allele, held)
        if number < len(frequencies) and frequencies[number] is not None:
            found.frequencies.setdefault(allele, float(frequencies[number]))


def _allele(record: pysam.VariantRecord, alt: str, reference: Reference | None) -> Allele | None:
    ref, alt = record.ref.upper(), alt.upper()
    if not is_sequence(alt) or not is_sequence(ref) or ref == alt:
        return None
    if reference is None:
        return Allele(record.contig, record.start, ref, alt)
    contig = synonym(record.contig, reference.contigs)
    return None if contig is None else normalise(contig, record.start, ref, alt, reference)

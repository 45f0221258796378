"""Consequences that the VCF already tells: CSQ of VEP, ANN of SnpEff."""

import pysam

from seqmill.errors import InputError
from seqmill.genome.consequences import (
    CLASSES,
    FRAMESHIFT,
    INFRAME,
    MISSENSE,
    SPLICE_SITE,
    START_LOST,
    STOP_GAINED,
    STOP_LOST,
    SYNONYMOUS,
)
from seqmill.profiles.records import values_of

_CLASS_OF = {
    "splice_acceptor_variant": SPLICE_SITE,
    "splice_donor_variant": SPLICE_SITE,
    "stop_gained": STOP_GAINED,
    "frameshift_variant": FRAMESHIFT,
    "stop_lost": STOP_LOST,
    "start_lost": START_LOST,
    "inframe_insertion": INFRAME,
    "inframe_deletion": INFRAME,
    "conservative_inframe_insertion": INFRAME,
    "conservative_inframe_deletion": INFRAME,
    "disruptive_inframe_insertion": INFRAME,
    "disruptive_inframe_deletion": INFRAME,
    "missense_variant": MISSENSE,
    "synonymous_variant": SYNONYMOUS,
    "stop_retained_variant": SYNONYMOUS,
    "start_retained_variant": SYNONYMOUS,
}
"""Term of the Sequence Ontology -> class; others are of none."""

_ANN = ("Allele", "Consequence", "Impact", "SYMBOL", "Gene")  # the first fields of SnpEff's ANN 1.0


class Terms:
    """Reads one of the two fields.

    Parameters
    ----------
    header : pysam.VariantHeader
        Of the file.
    field : str
        ``CSQ`` or ``ANN``.
    path : str
        The file, for messages.

    Raises
    ------
    InputError
        When the header does not declare the field, or a CSQ without its format.
    """

    def __init__(self, header: pysam.VariantHeader, field: str, *, path: str) -> None:
        if field not in header.info:
            raise InputError(
                f"{path}: its header declares no INFO/{field}; annotate it with VEP or SnpEff, or set the "
                "option consequences: own"
            )
        self._field = field
        if field == "ANN":
            self._columns = list(_ANN)
            return
        _, _, layout = (header.info[field].description or "").partition("Format:")
        self._columns = [name.strip() for name in layout.strip(' "').split("|")]
        missing = {"Allele", "Consequence", "Gene"} - set(self._columns)
        if missing:
            raise InputError(
                f"{path}: INFO/{field} has no '{min(missing)}' in its format ({layout.strip() or 'none'}); "
                "write it with VEP's --vcf and the fields Allele, Consequence and Gene"
            )

    def of(self, record: pysam.VariantRecord) -> list[dict[str, str]]:
        """Give for each alternative allele the most severe class by gene."""
        alts = record.alts or ()
        found: list[dict[str, str]] = [{} for _ in alts]
        names = {name: number for number, name in enumerate(self._alleles(record))}
        for entry in values_of(record, self._field):
            held = dict(zip(self._columns, entry.split("|"), strict=False))
            number = int(held["ALLELE_NUM"]) - 1 if held.get("ALLELE_NUM") else names.get(held["Allele"])
            gene = held.get("Gene") or held.get("SYMBOL") or ""
            told = [_CLASS_OF[term] for term in held.get("Consequence", "").split("&") if term in _CLASS_OF]
            if number is None or not gene or not told:
                continue
            known = found[number].get(gene)
            found[number][gene] = min([*told, *([known] if known else [])], key=CLASSES.index)
        return found

    def _alleles(self, record: pysam.VariantRecord) -> list[str]:
        """Give the alternative alleles as the field names them: VEP cuts a first base that all share."""
        alts = list(record.alts or ())
        every = [record.ref, *alts]
        if self._field == "ANN" or all(len(one) == 1 for one in every) or len({one[0] for one in every}) > 1:
            return alts
        return [alt[1:] or "-" for alt in alts]

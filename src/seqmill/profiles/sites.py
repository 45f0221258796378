"""The declared list of sites at which everyone has a dosage."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from seqmill.errors import InputError
from seqmill.genome.lines import LineProblems, table_lines
from seqmill.genome.normalise import is_sequence
from seqmill.genome.variants import Allele, read_vcf
from seqmill.privacy.links import VARIANTS
from seqmill.profiles.records import opened

SYMBOLIC = "symbolic"
"""Why an allele of the list is left out: it is not written out in bases."""

_BED = (".bed", ".bed.gz")
_COLUMNS = ("contig", "position", "ref", "alt")


@dataclass(frozen=True)
class Sites:
    """Sites of two alleles, in the order in which they are declared.

    Attributes
    ----------
    alleles : tuple of Allele
        Each site: 0-based start, reference and alternative allele as they are declared.
    dropped : dict
        Reason -> alleles of the list that were left out.
    """

    alleles: tuple[Allele, ...]
    dropped: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.alleles)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features: ``CONTIG:POSITION:REF:ALT``, the position 1-based."""
        return tuple(name_of(allele) for allele in self.alleles)


def name_of(allele: Allele) -> str:
    """Name a site."""
    return f"{allele.contig}:{allele.start + 1}:{allele.ref}:{allele.alt}"


def read_sites(path: str) -> Sites:
    """Read a list of sites: VCF or BCF, BED with alleles, or a table with a header.

    Several alternative alleles of one line are as many sites.

    Raises
    ------
    InputError
        When it cannot be read, lacks a column, names a site twice, or holds none.
    ConfigErrors
        With all lines that are wrong.
    """
    if path.endswith(VARIANTS):
        found = [
            Allele(variant.contig, variant.start, variant.ref, alt)
            for variant in read_vcf(path, sample=_some_sample(path))
            for alt in variant.alts
        ]
    else:
        found = list(_lines(path))
    kept = [one for one in found if is_sequence(one.alt) and is_sequence(one.ref)]
    if not kept:
        raise InputError(f"{path}: holds no site with alleles of bases; give a list of sites")
    name, count = Counter(kept).most_common(1)[0]
    if count > 1:
        raise InputError(f"{path}: {name_of(name)} stands in {count} lines; keep one")
    return Sites(tuple(kept), {SYMBOLIC: len(found) - len(kept)})


def _some_sample(path: str) -> str | None:
    """Give the first sample of a VCF, since genotypes do not matter to a list of sites."""
    with opened(path) as handle:
        return next(iter(handle.header.samples), None)


def _lines(path: str) -> Iterator[Allele]:
    """Give the alleles of a BED or of a table with a header."""
    bed = path.endswith(_BED)
    problems = LineProblems(path)
    columns: dict[str, int] = dict(zip(_COLUMNS, (0, 1, 3, 4), strict=True)) if bed else {}
    held = []
    comma = Path(path.removesuffix(".gz")).suffix == ".csv"
    for number, line in table_lines(path, headers=("##", "track", "browser", "#") if bed else ("##",)):
        cells = line.split("," if comma else "\t")
        if not columns:
            names = [cell.lstrip("#").lower() for cell in cells]
            missing = [name for name in _COLUMNS if name not in names]
            if missing:
                raise InputError(
                    f"{path}: no column '{missing[0]}'; a list of sites has the columns {', '.join(_COLUMNS)}"
                )
            columns = {name: names.index(name) for name in _COLUMNS}
            continue
        if len(cells) <= max(columns.values()):
            problems.add(number, f"found {len(cells)} columns, wanted {max(columns.values()) + 1} or more")
            continue
        contig, position, ref, alts = (cells[columns[name]] for name in _COLUMNS)
        if not position.isdigit() or (not bed and position == "0"):
            problems.add(number, f"found {position!r}, wanted a position")
            continue
        start = int(position) - (not bed)
        held += [Allele(contig, start, ref.upper(), alt.upper()) for alt in alts.split(",")]
    problems.close()
    yield from held

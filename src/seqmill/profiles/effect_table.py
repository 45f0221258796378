"""Effects of alleles as ``seqmill effects`` writes them: a table, or INFO fields of a VCF."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pysam

from seqmill.errors import InputError, nearest
from seqmill.genome.normalise import is_sequence
from seqmill.genome.variants import Allele
from seqmill.privacy.links import VARIANTS
from seqmill.profiles.columns import numbers_of, read_file, text_of
from seqmill.profiles.records import opened

_TABLE = "effect_"
_INFO = "EFFECT_"
_OTHER_FIELDS = ("EFFECT_DROPPED", "EFFECT_REGION")


@dataclass
class Effects:
    """Effects of alleles.

    Attributes
    ----------
    values : dict
        Output of the model -> allele -> effect.
    regions : dict
        Allele -> the region that it changes most, where windows stay about regions.
    unscored : int
        Alleles that have no effect.
    """

    values: dict[str, dict[Allele, float]]
    regions: dict[Allele, str] = field(default_factory=dict)
    unscored: int = 0

    @property
    def alleles(self) -> tuple[Allele, ...]:
        """All alleles with an effect, in order."""
        return tuple(sorted({one for held in self.values.values() for one in held}))


def read_effects(path: str, outputs: list[str]) -> Effects:
    """Read effects.

    Parameters
    ----------
    path : str
        Table or VCF.
    outputs : list of str
        Outputs of the model to read; all where empty.

    Raises
    ------
    InputError
        When it cannot be read, has no effects, or lacks an output.
    """
    found = _from_vcf(path, outputs) if path.endswith(VARIANTS) else _from_table(path, outputs)
    if not found.alleles:
        raise InputError(f"{path}: no allele has an effect; give what seqmill effects wrote")
    return found


def _from_table(path: str, outputs: list[str]) -> Effects:
    table = read_file(path)
    names = [name.removeprefix(_TABLE) for name in table.schema.names if name.startswith(_TABLE)]
    chosen = _chosen(names, outputs, path)
    columns = [text_of(table, name, path=path) for name in ("contig", "position", "ref", "alt")]
    alleles = [
        Allele(contig, int(position) - 1, ref.upper(), alt.upper())
        for contig, position, ref, alt in zip(*columns, strict=True)
    ]
    found = Effects({name: {} for name in chosen})
    for name in chosen:
        effects = numbers_of(table, f"{_TABLE}{name}", path=path)
        held = [(one, float(effect)) for one, effect in zip(alleles, effects, strict=True)]
        found.values[name] = {
            one: effect for one, effect in held if effect == effect and is_sequence(one.alt)
        }
    found.unscored = len(set(alleles) - set(found.alleles))
    if "region" in table.schema.names:
        named = zip(alleles, text_of(table, "region", path=path), strict=True)
        found.regions = {one: region for one, region in named if region}
    return found


def _from_vcf(path: str, outputs: list[str]) -> Effects:
    with opened(path) as handle:
        fields = [name for name in handle.header.info if name.startswith(_INFO) and name not in _OTHER_FIELDS]
        chosen = _chosen([name.removeprefix(_INFO) for name in fields], outputs, path)
        found = Effects({name: {} for name in chosen})
        total = 0
        for record in handle:
            alleles = list(_alleles(record))
            total += len(alleles)
            for name in chosen:
                for one, effect in zip(alleles, record.info.get(f"{_INFO}{name}", ()), strict=False):
                    if effect is not None and is_sequence(one.alt):
                        found.values[name][one] = float(effect)
            for one, region in zip(alleles, record.info.get("EFFECT_REGION", ()), strict=False):
                if region and region != ".":
                    found.regions[one] = region
    found.unscored = total - len(found.alleles)
    return found


def _alleles(record: pysam.VariantRecord) -> Iterator[Allele]:
    for alt in record.alts or ():
        yield Allele(record.contig, record.start, record.ref.upper(), alt.upper())


def _chosen(held: list[str], outputs: list[str], path: str) -> list[str]:
    if not held:
        raise InputError(f"{path}: no effect of any output in it; give what seqmill effects wrote")
    for name in outputs:
        if name not in held:
            raise InputError(f"{path}: no output '{name}'{nearest(name, held)}; it has {', '.join(held)}")
    return outputs or held

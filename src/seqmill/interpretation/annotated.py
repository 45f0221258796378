"""Variants with their effects, as VCF and as a table."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pysam

from seqmill.applications.sequence import SequenceModel
from seqmill.files import sha256_file
from seqmill.interpretation.deltas import REACH, Delta
from seqmill.interpretation.scores import Effect
from seqmill.origin import KEY, Node, file_node, header, settled

DROPPED = "EFFECT_DROPPED"
_OURS = "seqmill_"
_END = 'ID=END,Number=1,Type=Integer,Description="Last position of the variant"'
"""htslib writes it beside symbolic alleles."""

_NAMED = ("reference", "alternative", "effect", "local")
_DELTAS = ("gain", "gain_at", "loss", "loss_at")


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One alternative allele: its effect, and what it changes at single bases, or why it has none."""

    effect: Effect | None
    reason: str = ""
    delta: Delta | None = None


def fields_of(model: SequenceModel) -> list[str]:
    """Give the names of outputs as INFO fields may bear them."""
    return [re.sub(r"[^A-Za-z0-9_.]", "_", name) for name in model.outputs]


def source_node(vcf: Path, given: pysam.VariantHeader) -> Node:
    """Describe the variants, with the lineage that their header tells."""
    digest = sha256_file(vcf)
    told = next((one.value for one in given.records if one.key == f"{_OURS}{KEY}"), None)
    if told is None:
        return file_node(vcf, "variants", digest)
    return replace(settled(Node.from_dict(json.loads(told), source=vcf), vcf), digest=digest)


def new_header(given: pysam.VariantHeader, model: SequenceModel, made: Node) -> pysam.VariantHeader:
    """Give the header of the annotated file: fields declared, and the lineage told anew."""
    declared = given.copy()
    for record in [one for one in declared.records if one.key and one.key.startswith(_OURS)]:
        record.remove()
    for key, value in header(made).items():
        declared.add_line(f"##{_OURS}{key}={value}")
    kind = "log2 fold change" if model.logarithmic else "change"
    means = f"mean over {'both strands and ' if model.both_strands else ''}both fixed sides"
    moved = "in windows moved by up to a quarter of their length"
    lines = [f"ID={DROPPED},Number=A,Type=String,Description=\"why an allele has no effect, or 'none'\""]
    for field, name in zip(fields_of(model), model.outputs, strict=True):
        effect = f"{kind} of {name}, alternative against reference allele in a window of {model.length} bases"
        local = f"largest absolute {kind} of {name} {moved}"
        lines.append(f'ID=EFFECT_{field},Number=A,Type=Float,Description="{effect}; {means}"')
        lines.append(f'ID=LOCAL_{field},Number=A,Type=Float,Description="{local}"')
        if model.along is not None:
            lines += _delta_lines(field, name)
    if "END" not in declared.info:
        lines.append(_END)
    for line in lines:
        declared.add_line(f"##INFO=<{line}>")
    return declared


def annotate(record: pysam.VariantRecord, scored: Sequence[Scored], fields: Sequence[str]) -> None:
    """Write effects into the INFO fields of a record that bears the new header."""
    for place, field in enumerate(fields):
        for name, part in (("EFFECT", "change"), ("LOCAL", "local")):
            values = [one.effect and _short(getattr(one.effect, part)[place]) for one in scored]
            if any(value is not None for value in values):
                record.info[f"{name}_{field}"] = values
        for name in _DELTAS if any(one.delta for one in scored) else ():
            record.info[f"{name.upper()}_{field}"] = [_delta_value(one.delta, name, place) for one in scored]
    if any(one.reason for one in scored):
        record.info[DROPPED] = [one.reason or "none" for one in scored]


def value_columns(model: SequenceModel) -> list[str]:
    """Name the columns of values in the table."""
    kinds = _NAMED if model.along is None else (*_NAMED, *_DELTAS)
    return [f"{kind}_{field}" for field in fields_of(model) for kind in kinds]


def table_head(columns: Sequence[str]) -> str:
    """Give the first line of the table."""
    return "\t".join(("contig", "position", "id", "ref", "alt", *columns, "dropped")) + "\n"


def table_lines(record: pysam.VariantRecord, scored: Sequence[Scored], columns: int) -> Iterator[str]:
    """Give a line for each alternative allele with so many columns of values; positions are 1-based."""
    for alt, one in zip(record.alts or (), scored, strict=True):
        values = [""] * columns
        if one.effect is not None:
            parts = [one.effect.reference, one.effect.alternative, one.effect.change, one.effect.local]
            if one.delta is not None:
                parts += [getattr(one.delta, name) for name in _DELTAS]
            values = [f"{part[place]:.6g}" for place in range(len(parts[0])) for part in parts]
        where = (record.contig, str(record.pos), record.id or ".", record.ref or ".", alt)
        yield "\t".join((*where, *values, one.reason)) + "\n"


def _delta_lines(field: str, name: str) -> Iterator[str]:
    """Declare the fields of gains and losses at single bases."""
    where = f"within {REACH} bases of the allele"
    for kind, word in (("GAIN", "increase"), ("LOSS", "decrease")):
        most = f"largest {word} of {name} at any base {where}"
        yield f'ID={kind}_{field},Number=A,Type=Float,Description="{most}"'
        place = f"bases from POS to the base of {kind}_{field}"
        yield f'ID={kind}_AT_{field},Number=A,Type=Integer,Description="{place}"'


def _delta_value(held: Delta | None, name: str, place: int) -> float | int | None:
    if held is None:
        return None
    value = getattr(held, name)[place]
    return int(value) if name.endswith("_at") else _short(value)


def _short(value: float) -> float:
    return float(f"{value:.6g}")

"""Variants with their effects, as VCF and as a table."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pysam

from seqmill.applications.sequence import SequenceModel
from seqmill.files import sha256_file
from seqmill.interpretation.scores import Effect
from seqmill.origin import KEY, Node, file_node, header, settled

DROPPED = "EFFECT_DROPPED"
_OURS = "seqmill_"
_END = 'ID=END,Number=1,Type=Integer,Description="Last position of the variant"'
"""htslib writes it beside symbolic alleles."""

_NAMED = ("reference", "alternative", "effect", "local")


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One alternative allele: its effect, or why it has none."""

    effect: Effect | None
    reason: str = ""


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
    if any(one.reason for one in scored):
        record.info[DROPPED] = [one.reason or "none" for one in scored]


def table_head(fields: Sequence[str]) -> str:
    """Give the first line of the table."""
    columns = [f"{kind}_{field}" for field in fields for kind in _NAMED]
    return "\t".join(("contig", "position", "id", "ref", "alt", *columns, "dropped")) + "\n"


def table_lines(record: pysam.VariantRecord, scored: Sequence[Scored], outputs: int) -> Iterator[str]:
    """Give a line for each alternative allele; positions are those of the VCF, 1-based."""
    for alt, one in zip(record.alts or (), scored, strict=True):
        values = [""] * (len(_NAMED) * outputs)
        if one.effect is not None:
            parts = (one.effect.reference, one.effect.alternative, one.effect.change, one.effect.local)
            values = [f"{part[place]:.6g}" for place in range(outputs) for part in parts]
        where = (record.contig, str(record.pos), record.id or ".", record.ref or ".", alt)
        yield "\t".join((*where, *values, one.reason)) + "\n"


def _short(value: float) -> float:
    return float(f"{value:.6g}")

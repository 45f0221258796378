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


PLACE = "EFFECT_REGION"
_DELTAS = ("gain", "gain_at", "loss", "loss_at")


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One alternative allele.

    Attributes
    ----------
    effect : Effect or None
        What it changes.
    place : str
        The place that it was asked about, empty where its windows move with it.
    reason : str
        Why it has no effect, else empty.
    delta : Delta or None
        What it changes at single bases.
    """

    effect: Effect | None
    place: str = ""
    reason: str = ""
    delta: Delta | None = None


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What is written of each allele.

    Attributes
    ----------
    fields : tuple of str
        Names of the outputs as INFO fields may bear them.
    parts : dict
        Begin of an INFO field -> attribute of `Effect` that it holds.
    means : dict
        Begin of an INFO field -> what its values are, for the header, the output as ``{}``.
    placed : bool
        Whether the place is told.
    deltas : tuple of str
        Attributes of `Delta` that are written too, for a model that tells each base something.
    """

    fields: tuple[str, ...]
    parts: dict[str, str]
    means: dict[str, str]
    placed: bool
    deltas: tuple[str, ...] = ()

    @classmethod
    def of(cls, model: SequenceModel, *, placed: bool) -> "Layout":
        """Lay out what a model says, with windows that stay about places or move with the allele."""
        kind = "log2 fold change" if model.logarithmic else "change"
        strands = "both strands and " if model.both_strands else ""
        where = "about the region" if placed else "in the middle"
        means = {
            "EFFECT": f"{kind} of {{}}, alternative against reference allele in a window of {model.length} "
            f"bases {where}; mean over {strands}fixed sides"
        }
        parts = {"EFFECT": "change"}
        if model.along is None and not placed:
            parts["LOCAL"] = "local"
            means["LOCAL"] = (
                f"largest absolute {kind} of {{}} in windows moved by up to a quarter of their length"
            )
        fields = tuple(re.sub(r"[^A-Za-z0-9_.]", "_", name) for name in model.outputs)
        deltas = _DELTAS if model.along is not None else ()
        return cls(fields=fields, parts=parts, means=means, placed=placed, deltas=deltas)


def source_node(vcf: Path, given: pysam.VariantHeader) -> Node:
    """Describe the variants, with the lineage that their header tells."""
    digest = sha256_file(vcf)
    told = next((one.value for one in given.records if one.key == f"{_OURS}{KEY}"), None)
    if told is None:
        return file_node(vcf, "variants", digest)
    return replace(settled(Node.from_dict(json.loads(told), source=vcf), vcf), digest=digest)


def new_header(given: pysam.VariantHeader, layout: Layout, made: Node) -> pysam.VariantHeader:
    """Give the header of the annotated file: fields declared, and the lineage told anew."""
    declared = given.copy()
    for record in [one for one in declared.records if one.key and one.key.startswith(_OURS)]:
        record.remove()
    for key, value in header(made).items():
        declared.add_line(f"##{_OURS}{key}={value}")
    lines = [f"ID={DROPPED},Number=A,Type=String,Description=\"why an allele has no effect, or 'none'\""]
    if layout.placed:
        lines.append(f'ID={PLACE},Number=A,Type=String,Description="region that the allele changes most"')
    for field in layout.fields:
        for part, means in layout.means.items():
            told = means.format(field)
            lines.append(f'ID={part}_{field},Number=A,Type=Float,Description="{told}"')
        if layout.deltas:
            lines += _delta_lines(field)
    if "END" not in declared.info:
        lines.append(_END)
    for line in lines:
        declared.add_line(f"##INFO=<{line}>")
    return declared


def annotate(record: pysam.VariantRecord, scored: Sequence[Scored], layout: Layout) -> None:
    """Write effects into the INFO fields of a record that bears the new header."""
    for at, field in enumerate(layout.fields):
        for name, part in layout.parts.items():
            values = [one.effect and _short(getattr(one.effect, part)[at]) for one in scored]
            if any(value is not None for value in values):
                record.info[f"{name}_{field}"] = values
        for name in layout.deltas if any(one.delta for one in scored) else ():
            record.info[f"{name.upper()}_{field}"] = [_delta_value(one.delta, name, at) for one in scored]
    if layout.placed and any(one.place for one in scored):
        record.info[PLACE] = [_word(one.place) for one in scored]
    if any(one.reason for one in scored):
        record.info[DROPPED] = [one.reason or "none" for one in scored]


def table_head(layout: Layout) -> str:
    """Give the first line of the table."""
    parts = ("reference", "alternative", *(part.lower() for part in layout.parts), *layout.deltas)
    columns = [f"{part}_{field}" for field in layout.fields for part in parts]
    placed = ("region",) if layout.placed else ()
    return "\t".join(("contig", "position", "id", "ref", "alt", *placed, *columns, "dropped")) + "\n"


def table_lines(record: pysam.VariantRecord, scored: Sequence[Scored], layout: Layout) -> Iterator[str]:
    """Give a line for each alternative allele; positions are those of the VCF, 1-based."""
    parts = ("reference", "alternative", *layout.parts.values())
    for alt, one in zip(record.alts or (), scored, strict=True):
        values = [""] * ((len(parts) + len(layout.deltas)) * len(layout.fields))
        if one.effect is not None:
            held = [getattr(one.effect, part) for part in parts]
            held += [getattr(one.delta, name) for name in layout.deltas]
            values = [f"{part[at]:.6g}" for at in range(len(layout.fields)) for part in held]
        where = (record.contig, str(record.pos), record.id or ".", record.ref or ".", alt)
        placed = (one.place,) if layout.placed else ()
        yield "\t".join((*where, *placed, *values, one.reason)) + "\n"


def _word(place: str) -> str:
    """Give the name of a place as a value of an INFO field may be."""
    return re.sub(r"[\s,;=]", "_", place) or "."


def _delta_lines(field: str) -> Iterator[str]:
    """Declare the fields of gains and losses at single bases."""
    for kind, word in (("GAIN", "increase"), ("LOSS", "decrease")):
        most = f"largest {word} of {field} at any base within {REACH} of the allele"
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

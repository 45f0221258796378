"""Scoring files of the PGS Catalog (format 2.0; Lambert et al. 2021)."""

import gzip
import math
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from seqmill.errors import ConfigErrors, InputError
from seqmill.genome.normalise import is_sequence

_REFUSED = ("is_haplotype", "is_diplotype", "is_interaction", "is_dominant", "is_recessive")
_SHOWN = 10


class Weight(NamedTuple):
    """The weight of one copy of an allele.

    Attributes
    ----------
    contig : str
        As the file writes it; empty where the file does not know the place.
    start : int
        0-based.
    effect, other : str
        The allele that is counted, and the other one; the latter may be empty.
    weight : float
    frequency : float
        Of the effect allele, nan where the file does not tell.
    """

    contig: str
    start: int
    effect: str
    other: str
    weight: float
    frequency: float

    def __str__(self) -> str:
        return f"{self.contig}:{self.start + 1} {self.effect}/{self.other or '?'}"


@dataclass(frozen=True)
class Weights:
    """A polygenic score.

    Attributes
    ----------
    path : str
    name : str
        ``pgs_id`` or ``pgs_name`` of the header, else the name of the file.
    build : str
        Genome build of the places, empty where the file does not tell.
    weights : tuple of Weight
    """

    path: str
    name: str
    build: str
    weights: tuple[Weight, ...]


def read_weights(path: str | os.PathLike[str]) -> Weights:
    """Read a scoring file; harmonised places (``hm_chr``, ``hm_pos``) count before those of the author.

    Raises
    ------
    InputError
        When it cannot be read, lacks a column, names an allele twice, or has weights of haplotypes,
        interactions, or of dominant or recessive alleles, which are no sums over alleles.
    ConfigErrors
        With the lines that are wrong.
    """
    source = os.fspath(path)
    header, columns, lines = _parts(source)
    harmonised = {"hm_chr", "hm_pos"} <= columns.keys()
    place = ("hm_chr", "hm_pos") if harmonised else ("chr_name", "chr_position")
    lacking = [name for name in (*place, "effect_allele", "effect_weight") if name not in columns]
    if lacking:
        raise InputError(
            f"{source}: no column '{lacking[0]}'; a scoring file of the PGS Catalog has chr_name, "
            "chr_position (or hm_chr, hm_pos), effect_allele and effect_weight"
        )
    found, problems = [], []
    for number, line in lines:
        cells = dict(zip(columns, line.split("\t"), strict=False))
        for name in _REFUSED:
            if cells.get(name, "").strip().lower() in ("true", "1"):
                raise InputError(
                    f"{source}, line {number}: {name} found, but only weights of single alleles are "
                    "summed; leave the score out, or compute it with a program that knows them"
                )
        try:
            found.append(_weight(cells, place))
        except ValueError as error:
            problems.append(f"line {number}: {error}")
    if problems:
        more = [f"and {len(problems) - _SHOWN} more lines"] if len(problems) > _SHOWN else []
        raise ConfigErrors(source, problems[:_SHOWN] + more)
    if not found:
        raise InputError(f"{source}: holds no weights; give a scoring file")
    _refuse_twice(source, found)
    build = header.get("HmPOS_build", "") if harmonised else header.get("genome_build", "")
    name = header.get("pgs_id") or header.get("pgs_name") or Path(source).name
    return Weights(source, name, "" if build in ("NR", "") else build, tuple(found))


def _parts(path: str) -> tuple[dict[str, str], dict[str, int], list[tuple[int, str]]]:
    """Give the header, column -> place, and the numbered lines of a file."""
    try:
        opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
        with opened as handle:
            lines = [(number, line.rstrip("\n\r")) for number, line in enumerate(handle, 1)]
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise InputError(f"{path}: a scoring file wanted, but it cannot be read ({error})") from None
    header = dict(line.lstrip("#").split("=", 1) for _, line in lines if line.startswith("#") and "=" in line)
    body = [(number, line) for number, line in lines if line and not line.startswith("#")]
    if not body:
        raise InputError(f"{path}: holds no line below the header; give a scoring file")
    return header, {name: at for at, name in enumerate(body[0][1].split("\t"))}, body[1:]


def _weight(cells: Mapping[str, str], place: tuple[str, str]) -> Weight:
    contig, position = (cells.get(name, "").strip() for name in place)
    effect = cells.get("effect_allele", "").strip().upper()
    other = (cells.get("other_allele") or cells.get("hm_inferOtherAllele") or "").strip().upper()
    if not is_sequence(effect):
        raise ValueError(f"effect_allele: found {effect!r}, want bases")
    if not is_sequence(other):
        other = ""  # several inferred ones: any may be the other
    if position and (not position.isdecimal() or int(position) == 0):
        raise ValueError(f"{place[1]}: found {position!r}, want a position from 1")
    if other == effect:
        raise ValueError(f"other_allele: found {other!r}, which is the effect allele")
    weight = _number(cells, "effect_weight")
    if math.isnan(weight):
        raise ValueError("effect_weight: found nothing, want a number")
    known = bool(contig and position)
    frequency = _number(cells, "allelefrequency_effect")
    return Weight(
        contig if known else "", int(position) - 1 if known else -1, effect, other, weight, frequency
    )


def _number(cells: Mapping[str, str], name: str) -> float:
    text = cells.get(name, "").strip()
    if not text:
        return math.nan
    try:
        number = float(text)
    except ValueError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{name}: found {text!r}, want a finite number")
    return number


def _refuse_twice(path: str, weights: list[Weight]) -> None:
    counts = Counter(
        (one.contig, one.start, frozenset((one.effect, one.other))) for one in weights if one.contig
    )
    for one in weights:
        if one.contig and counts[one.contig, one.start, frozenset((one.effect, one.other))] > 1:
            raise InputError(f"{path}: {one} has several weights; keep one")

"""Records of VCF, BCF and gVCF near sites, and the genotypes in them."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pysam

from seqmill.errors import InputError
from seqmill.profiles.call_options import CallOptions

LOW_QUALITY, LOW_DEPTH, FILTERED = "low_quality", "low_depth", "filtered"
"""Why a genotype is taken as missing: below ``min_gq``; below ``min_dp``; its record did not pass."""

ANY_OTHER = ("<*>", "<NON_REF>")
"""Alternative alleles that stand for all that were not seen."""

_NEAR = 100_000
_SEPARATOR = re.compile(r"[/|]")
_DEPTHS = ("MIN_DP", "DP")

Genotype = tuple[int | None, ...]


class Genotypes(NamedTuple):
    """What a record says of the samples of a file.

    Attributes
    ----------
    distinct : list of tuple
        The genotypes that occur: allele numbers, 0 the reference, None missing.
    which : np.ndarray, int64, shape (samples,)
        The genotype of each sample, a place in `distinct`.
    refused : dict
        Reason -> bool array [samples] of the genotypes that do not count.
    """

    distinct: list[Genotype]
    which: npt.NDArray[np.int64]
    refused: dict[str, npt.NDArray[np.bool_]]

    @property
    def usable(self) -> npt.NDArray[np.bool_]:
        """Whether the genotype of each sample counts."""
        return ~np.any([np.zeros(len(self.which), bool), *self.refused.values()], axis=0)


@contextmanager
def opened(path: str) -> Iterator[pysam.VariantFile]:
    """Open a VCF or BCF; whatever htslib finds wrong while it is read is told as an error of that file.

    Raises
    ------
    InputError
        When it is missing, no VCF, or cut short.
    """
    verbosity = pysam.set_verbosity(0)
    try:
        with pysam.VariantFile(path) as handle:
            yield handle
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such VCF file") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as VCF ({error}); wanted a whole VCF or BCF") from None
    finally:
        pysam.set_verbosity(verbosity)


def windows(starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> list[slice]:
    """Cut sites, sorted by start, into runs whose gaps are too small to be worth a jump in the file."""
    reach = np.maximum.accumulate(ends)
    cuts = np.flatnonzero(starts[1:] - reach[:-1] > _NEAR) + 1
    edges = [0, *cuts.tolist(), len(starts)]
    return [slice(first, last) for first, last in pairwise(edges)]


def near(handle: pysam.VariantFile, contig: str, start: int, end: int) -> Iterator[pysam.VariantRecord]:
    """Give the records that overlap a stretch of a contig, by the index of the file."""
    if contig in handle.index:
        yield from handle.fetch(contig, max(start, 0), end)


def genotypes(record: pysam.VariantRecord, columns: Sequence[int], options: CallOptions) -> Genotypes:
    """Read the genotypes of samples from a record.

    Parameters
    ----------
    record : pysam.VariantRecord
        The record.
    columns : sequence of int
        Which samples of the file.
    options : CallOptions
        Thresholds.
    """
    cells = str(record).rstrip("\n").split("\t")
    n = len(columns)
    if len(cells) < 10 or not cells[8].startswith("GT"):
        return Genotypes([(None,)], np.zeros(n, np.int64), {})
    layout = cells[8].split(":")
    held = [cells[9 + column].split(":") for column in columns]
    texts = [values[0] for values in held]
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    refused = {}
    if cells[6] not in ("PASS", ".") and options.filtered == "missing":
        refused[FILTERED] = np.ones(n, bool)
    if options.min_gq:
        refused[LOW_QUALITY] = _numbers(held, layout, ("GQ",)) < options.min_gq
    if options.min_dp:
        refused[LOW_DEPTH] = _numbers(held, layout, _DEPTHS) < options.min_dp
    which = np.fromiter((numbers[text] for text in texts), np.int64, n)
    return Genotypes([parsed(text) for text in numbers], which, refused)


def values_of(record: pysam.VariantRecord, field: str) -> tuple[Any, ...]:
    """Give the values of an INFO field, whether it is declared as one or as many; none where it is absent."""
    if field not in record.info:
        return ()
    held = record.info[field]
    return held if isinstance(held, tuple) else (held,)


def parsed(text: str) -> Genotype:
    """Read a genotype as a VCF writes it: ``0/1``, ``1|0``, ``.``, ``1``, ``./1``."""
    alleles = _SEPARATOR.split(text.lstrip("/|"))
    return tuple(int(one) if one.isdigit() else None for one in alleles)


def _numbers(
    held: Sequence[Sequence[str]], layout: Sequence[str], names: Sequence[str]
) -> npt.NDArray[np.float64]:
    """Give a number of each sample, by the first of several fields that it has; else 0."""
    found = np.zeros(len(held))
    for name in reversed(names):
        if name not in layout:
            continue
        place = layout.index(name)
        for row, values in enumerate(held):
            if place < len(values) and values[place] not in (".", ""):
                found[row] = float(values[place])
    return found

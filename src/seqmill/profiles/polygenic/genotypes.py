"""Alleles at wanted places and how many copies people carry, from a VCF or from a table of dosages."""

from collections.abc import Container, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pysam

from seqmill.errors import InputError
from seqmill.profiles.call_options import CallOptions
from seqmill.profiles.columns import PARQUET, ids_of, numbers_of, read_file
from seqmill.profiles.records import Genotype, genotypes, opened

Copies = npt.NDArray[np.int8]
Place = tuple[str, int]
"""Contig without a leading ``chr``, and 0-based start."""

_UNFILTERED = CallOptions(filtered="kept")


class Record(NamedTuple):
    """One record.

    Attributes
    ----------
    place : Place
    alleles : tuple of str
        The reference first, upper case.
    number : int
        Which record or column of the file it is.
    """

    place: Place
    alleles: tuple[str, ...]
    number: int


class GenotypeFile(Protocol):
    """A file of genotypes.

    Attributes
    ----------
    path : str
    ids : list of str
        Names of the n people.
    """

    path: str
    ids: list[str]

    def records(self, wanted: Container[Place]) -> Iterator[Record]:
        """Give the records at wanted places."""

    def copies(self, wanted: Container[int]) -> Iterator[tuple[int, Copies]]:
        """Give number and copies of each allele, int8 [n, alleles], -1 where missing, of wanted records."""


def place_of(contig: str, start: int) -> Place:
    """Give a place under a name of the contig that does not depend on a leading ``chr``."""
    return contig.removeprefix("chr"), start


def open_genotypes(path: str, column: str) -> GenotypeFile:
    """Open a VCF or BCF, whose people are its samples, or a table of dosages with a column of ids.

    The columns of a table are named ``CONTIG:POSITION:REF:ALT``, the position from 1, and count ALT.

    Raises
    ------
    InputError
        When it cannot be read.
    """
    name = path.removesuffix(".gz")
    if Path(path).suffix in PARQUET or name.endswith((".tsv", ".csv", ".txt")):
        return _Table(path, column)
    return _Calls(path)


class _Calls:
    """Genotypes of a VCF or BCF, read in the order of the file, without an index."""

    def __init__(self, path: str) -> None:
        self.path = path
        with opened(path) as handle:
            self.ids = list(handle.header.samples)
        if not self.ids:
            raise InputError(f"{path}: has no samples; give genotypes of people")

    def records(self, wanted: Container[Place]) -> Iterator[Record]:
        """Give the records at wanted places."""
        for number, record in self._all():
            place = place_of(record.contig, record.start)
            if place in wanted:
                alleles = (record.ref, *(record.alts or ()))
                yield Record(place, tuple(allele.upper() for allele in alleles), number)

    def copies(self, wanted: Container[int]) -> Iterator[tuple[int, Copies]]:
        """Give number and copies of each allele of wanted records."""
        for number, record in self._all():
            if number in wanted:
                found = genotypes(record, range(len(self.ids)), _UNFILTERED)
                alleles = 1 + len(record.alts or ())
                table = np.array([_copies(one, alleles) for one in found.distinct], np.int8)
                yield number, table[found.which]

    def _all(self) -> Iterator[tuple[int, pysam.VariantRecord]]:
        with opened(self.path) as handle:
            yield from enumerate(handle)


def _copies(genotype: Genotype, alleles: int) -> list[int]:
    """Count each allele of a genotype, -1 where any part of it is missing."""
    if None in genotype:
        return [-1] * alleles
    return [genotype.count(number) for number in range(alleles)]


class _Table:
    """Dosages of a table."""

    def __init__(self, path: str, column: str) -> None:
        self.path = path
        self._table = read_file(path)
        self.ids = ids_of(self._table, column, path=path)
        self._records = []
        for number, name in enumerate(self._table.schema.names):
            parts = name.split(":")
            if len(parts) == 4 and parts[1].isdecimal():
                contig, position, *alleles = parts
                place = place_of(contig, int(position) - 1)
                self._records.append(Record(place, tuple(one.upper() for one in alleles), number))
        if not self._records:
            raise InputError(f"{path}: no column is named CONTIG:POSITION:REF:ALT; give a table of dosages")

    def records(self, wanted: Container[Place]) -> Iterator[Record]:
        """Give the columns at wanted places."""
        return (record for record in self._records if record.place in wanted)

    def copies(self, wanted: Container[int]) -> Iterator[tuple[int, Copies]]:
        """Give number and copies of both alleles of wanted columns."""
        for record in self._records:
            if record.number in wanted:
                yield record.number, self._counted(self._table.schema.names[record.number])

    def _counted(self, name: str) -> Copies:
        found = numbers_of(self._table, name, path=self.path)
        known = ~np.isnan(found) & (found != -1)
        if not np.isin(found[known], (0, 1, 2)).all():
            row = int(np.flatnonzero(known & ~np.isin(found, (0, 1, 2)))[0])
            raise InputError(
                f"{self.path}: '{name}', row {row + 1}: found {found[row]:g}, want 0, 1, 2, or -1"
            )
        alt = np.where(known, found, 0).astype(np.int8)
        return np.where(known[:, None], np.stack([2 - alt, alt], axis=1), -1).astype(np.int8)

"""Alleles at wanted places and how many copies people carry, from a VCF or from a table of dosages."""

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from seqmill.errors import InputError
from seqmill.profiles.columns import PARQUET, ids_of, numbers_of, read_file

Copies = npt.NDArray[np.int8]
Place = tuple[str, int]
"""Contig without a leading ``chr``, and 0-based start."""


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


class Genotypes(Protocol):
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


def open_genotypes(path: str, column: str) -> Genotypes:
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
        with self._opened() as handle:
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
                yield number, _counted(str(record).rstrip("\n").split("\t"), 1 + len(record.alts or ()))

    def _all(self) -> Iterator[tuple[int, Any]]:
        with self._opened() as handle:
            try:
                yield from enumerate(handle)
            except (OSError, ValueError) as error:
                raise InputError(f"{self.path}: cannot be read as VCF ({error}); give a whole file") from None

    def _opened(self) -> Any:
        import pysam

        verbosity = pysam.set_verbosity(0)
        try:
            return pysam.VariantFile(self.path)
        except (OSError, ValueError) as error:
            raise InputError(f"{self.path}: a VCF or BCF wanted, but it cannot be read ({error})") from None
        finally:
            pysam.set_verbosity(verbosity)


def _counted(cells: list[str], alleles: int) -> Copies:
    """Count the alleles of each sample of a line of a VCF."""
    if len(cells) < 10 or cells[8].split(":")[0] != "GT":
        return np.full((max(len(cells) - 9, 0), alleles), -1, np.int8)
    texts = [cell.split(":", 1)[0] for cell in cells[9:]]
    kinds = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    table = np.array([_copies(text, alleles) for text in kinds], np.int8)
    return table[[kinds[text] for text in texts]]


def _copies(text: str, alleles: int) -> list[int]:
    held = text.replace("|", "/").split("/")
    if not all(one.isdecimal() for one in held):
        return [-1] * alleles
    return [held.count(str(number)) for number in range(alleles)]


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

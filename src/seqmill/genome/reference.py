"""The reference genome: sequence, contigs, and a checksum of its content."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pysam

from seqmill.errors import InputError, nearest
from seqmill.files import atomic_path
from seqmill.genome.bases import AMBIGUOUS, codes_of

_BLOCK = 1 << 20
_MARGIN = 1 << 14
_LETTERS = b"ACGTNRYSWKMBDHVX-"


class Reference:
    """A FASTA file, plain or bgzipped, read at random.

    A missing or outdated index is built beside the file, or in a temporary folder when the file's
    folder cannot be written. Instances can be pickled; each process opens the file for itself.

    Parameters
    ----------
    path : path
        The FASTA file.

    Attributes
    ----------
    path : Path
        The FASTA file.
    contigs : dict
        Contig name -> length in bases, in the order of the file.

    Raises
    ------
    InputError
        When the file is missing, is no FASTA, or is compressed by gzip instead of bgzip.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._checksum: str | None = None
        self._block = ("", 0, "")
        self._fasta = self._open()
        self.contigs: dict[str, int] = dict(zip(self._fasta.references, self._fasta.lengths, strict=True))

    def fetch(self, contig: str, start: int, end: int) -> str:
        """Give the bases of ``[start, end)`` in upper case.

        Raises
        ------
        InputError
            When the contig is unknown or the interval leaves it.
        """
        name, first, bases = self._block
        if name != contig or start < first or end > first + len(bases) or start > end:
            first, bases = self._load(contig, start, end)
        return bases[start - first : end - first]

    def codes(self, contig: str, start: int, end: int) -> np.ndarray:
        """Give the bases of ``[start, end)`` as uint8: A 0, C 1, G 2, T 3, anything else 4.

        Raises
        ------
        InputError
            When the contig is unknown or the interval leaves it.
        """
        return codes_of(self.fetch(contig, start, end))

    @property
    def checksum(self) -> str:
        """Hexadecimal SHA-256 over contig names, lengths and upper-case bases, in the order of the file.

        Raises
        ------
        InputError
            When a letter is no base: neither A, C, G, T, N, nor another one of IUPAC, nor X.
        """
        if self._checksum is None:
            digest = hashlib.sha256()
            for contig, length in self.contigs.items():
                digest.update(f">{contig} {length}\n".encode())
                for start in range(0, length, _BLOCK):
                    end = min(start + _BLOCK, length)
                    bases = self._fasta.fetch(contig, start, end).upper().encode()
                    if strange := bases.translate(None, _LETTERS):
                        raise self._other_letters(contig, strange)
                    digest.update(bases)
            self._checksum = digest.hexdigest()
        return self._checksum

    def _other_letters(self, contig: str, strange: bytes) -> InputError:
        found = ", ".join(f"'{letter}'" for letter in sorted(set(strange.decode(errors="replace"))))
        if set(strange) <= set(b"U"):
            return InputError(f"{self.path}: contig '{contig}' is RNA, found U; wanted DNA: write T for U")
        return InputError(
            f"{self.path}: contig '{contig}' holds {found}, wanted bases of DNA: A, C, G, T, N and the "
            "letters of IUPAC for several; a FASTA of proteins is no genome"
        )

    def close(self) -> None:
        """Close the file and remove a temporary index."""
        self._fasta.close()
        if self._scratch is not None:
            self._scratch.cleanup()

    def __enter__(self) -> "Reference":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        return {"path": self.path, "contigs": self.contigs, "_checksum": self._checksum}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._scratch = None
        self._block = ("", 0, "")
        self._fasta = self._open()

    def _load(self, contig: str, start: int, end: int) -> tuple[int, str]:
        if contig not in self.contigs:
            raise InputError(
                f"{self.path}: holds no contig '{contig}'{nearest(contig, self.contigs)}; "
                f"it holds {_some(self.contigs)}"
            )
        length = self.contigs[contig]
        if not 0 <= start <= end <= length:
            raise InputError(f"{self.path}: {contig}:{start}-{end} leaves the contig of {length} bases")
        first = max(0, start - _MARGIN)
        last = min(length, max(end, first + _BLOCK))
        self._block = (contig, first, self._fasta.fetch(contig, first, last).upper())
        return first, self._block[2]

    def _open(self) -> pysam.FastaFile:
        if not self.path.is_file():
            raise InputError(f"{self.path}: there is no such reference; give the path of a FASTA file")
        if self._is_compressed() and not self._is_bgzipped():
            raise InputError(
                f"{self.path}: compressed by gzip, which cannot be read at random; "
                "compress it with bgzip, or give it uncompressed"
            )
        suffixes = [".fai", ".gzi"] if self._is_compressed() else [".fai"]
        beside = [Path(f"{self.path}{suffix}") for suffix in suffixes]
        age = self.path.stat().st_mtime_ns
        if not all(index.exists() and index.stat().st_mtime_ns >= age for index in beside):
            beside = self._index(beside)
        compressed = str(beside[1]) if len(beside) == 2 else None
        return pysam.FastaFile(
            str(self.path), filepath_index=str(beside[0]), filepath_index_compressed=compressed
        )

    def _index(self, beside: list[Path]) -> list[Path]:
        self._scratch = tempfile.TemporaryDirectory(prefix="seqmill-reference-")
        link = Path(self._scratch.name) / self.path.name
        link.symlink_to(self.path.resolve())
        verbosity = pysam.set_verbosity(0)
        try:
            pysam.faidx(str(link))
        except pysam.SamtoolsError as error:
            self._scratch.cleanup()
            raise InputError(
                f"{self.path}: cannot be read as FASTA; wanted sequences below lines that begin with '>', "
                "all lines of a sequence but the last of one length, and each name once"
            ) from error
        finally:
            pysam.set_verbosity(verbosity)
        built = [link.with_name(link.name + index.suffix) for index in beside]
        try:
            for index, place in zip(built, beside, strict=True):
                with atomic_path(place) as aside:
                    shutil.copyfile(index, aside)
        except OSError:
            return built
        self._scratch.cleanup()
        self._scratch = None
        return beside

    def _is_compressed(self) -> bool:
        with open(self.path, "rb") as handle:
            return handle.read(2) == b"\x1f\x8b"

    def _is_bgzipped(self) -> bool:
        with open(self.path, "rb") as handle:
            head = handle.read(16)
        return len(head) == 16 and bool(head[3] & 4) and head[12:14] == b"BC"


def _some(names: dict[str, int]) -> str:
    shown = list(names)[:5]
    return ", ".join(shown) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def codes_over(reference: Reference, contig: str, start: int, end: int) -> np.ndarray:
    """Give base codes of a stretch that may leave the contig, uint8; beyond it no base is known.

    The contig has to be one of the reference.
    """
    length = reference.contigs[contig]
    codes = np.full(end - start, AMBIGUOUS, np.uint8)
    first, last = max(start, 0), min(end, length)
    if first < last:
        codes[first - start : last - start] = reference.codes(contig, first, last)
    return codes

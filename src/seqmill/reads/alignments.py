"""What an alignment file already is: whole, sorted, duplicate-marked; whose reads it holds."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysam

from seqmill.errors import InputError, SeqmillError
from seqmill.reads.samtools import samtools

_MARKS_DUPLICATES = re.compile(r"mark_?dup|dedup|samblaster|bamsormadup|streammd", re.IGNORECASE)
_NOT_SORTED = ("unsorted", "queryname")


@dataclass(frozen=True)
class AlignmentFile:
    """A BAM or CRAM as delivered.

    Attributes
    ----------
    path : Path
        The file.
    is_cram : bool
        CRAM, else BAM.
    header : dict
        Header lines by record type, as `pysam.AlignmentHeader.to_dict` gives them.
    duplicates_marked : bool
        Some read carries the duplicate flag, or a program that marks duplicates is in the header.
    index : Path or None
        Its up-to-date BAI index.
    """

    path: Path
    is_cram: bool
    header: Mapping[str, Any]
    duplicates_marked: bool
    index: Path | None

    @property
    def contigs(self) -> dict[str, int]:
        """Contig name -> length."""
        return {line["SN"]: line["LN"] for line in self.header.get("SQ", ())}

    @property
    def samples(self) -> set[str]:
        """Names of the samples in the read groups."""
        return {line["SM"] for line in self.header.get("RG", ()) if "SM" in line}

    @property
    def says_unsorted(self) -> bool:
        """Whether the header says that the order is not by coordinate."""
        return self.header.get("HD", {}).get("SO") in _NOT_SORTED


def inspect(path: Path, *, threads: int = 1, name_samples: bool = True) -> AlignmentFile:
    """Read an alignment file to its end once and say what it is.

    Raises
    ------
    InputError
        When the file is missing, is neither BAM nor CRAM, is truncated or damaged, or holds the reads of
        several samples.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such alignment file; correct its path in the sample sheet")
    is_cram, header = _open(path)
    try:
        samtools("quickcheck", path)
        counts = json.loads(samtools("flagstat", "-@", str(threads - 1), "-O", "json", path))
    except SeqmillError:
        raise _damaged(path) from None
    programs = " ".join(
        f"{line.get('ID')} {line.get('PN')} {line.get('CL')}" for line in header.get("PG", ())
    )
    found = AlignmentFile(
        path=path,
        is_cram=is_cram,
        header=header,
        duplicates_marked=bool(counts["QC-passed reads"]["duplicates"] or _MARKS_DUPLICATES.search(programs)),
        index=_index(path),
    )
    if len(found.samples) > 1:
        names = f" ({', '.join(sorted(found.samples))})" if name_samples else ""
        raise InputError(
            f"{path}: holds the reads of {len(found.samples)} samples{names}, wanted one; take them apart "
            "with samtools split"
        )
    return found


def unsorted(path: Path, found: str) -> InputError:
    """Give the error for alignments in another order than by coordinate."""
    return InputError(
        f"{path}: not sorted by coordinate ({found}), wanted sorted alignments; sort it with samtools sort, "
        "or add --sort to have it sorted here"
    )


def _open(path: Path) -> tuple[bool, dict[str, Any]]:
    verbosity = pysam.set_verbosity(0)
    try:
        with pysam.AlignmentFile(str(path), check_sq=False) as handle:
            known = handle.is_bam or handle.is_cram
            is_cram, header = handle.is_cram, handle.header.to_dict()
    except (OSError, ValueError) as error:
        if "truncated" in str(error):
            raise _damaged(path) from None
        known = False
    finally:
        pysam.set_verbosity(verbosity)
    if not known:
        raise InputError(
            f"{path}: found a file of another format, wanted BAM or CRAM; reads as FASTQ go by --fastq"
        )
    return is_cram, header


def _damaged(path: Path) -> InputError:
    return InputError(
        f"{path}: truncated or damaged, its {path.stat().st_size:,} bytes cannot be read to their end; "
        "wanted a whole file: copy or download it again"
    )


def _index(path: Path) -> Path | None:
    places = (path.with_name(f"{path.name}.bai"), path.with_suffix(".bai"))
    age = path.stat().st_mtime_ns
    return next((place for place in places if place.is_file() and place.stat().st_mtime_ns >= age), None)

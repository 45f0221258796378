"""Alignments under a pseudonym: a header that tells nobody's name, and reads with names of no machine."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pysam

from seqmill.errors import InputError
from seqmill.reads.bgzf import BgzfReader
from seqmill.reads.header import read_header
from seqmill.reads.renamed import NAME_BYTES, rename_records, room
from seqmill.reads.siphash import key_words, siphash

_KEPT = {"HD": ("VN", "SO", "GO", "SS"), "SQ": ("SN", "LN", "M5"), "PG": ("ID", "PN", "VN")}
_ROOM = 1 << 21
_LEVEL = "2"  # as staging writes its BAMs


def reduced_header(header: Mapping[str, Any], sample: str) -> dict[str, Any]:
    """Reduce a header to what it takes to read the alignments.

    Comments and unknown lines go; programs keep ID, PN and VN, contigs SN, LN and M5; read groups become
    ``SAMPLE.1``, ``SAMPLE.2``, ... of the sample, and there is one at least.

    Parameters
    ----------
    header : mapping
        Lines by record type, as `pysam.AlignmentHeader.to_dict` gives them.
    sample : str
        Pseudonym of the sample.
    """
    found: dict[str, Any] = {}
    for kind, fields in _KEPT.items():
        lines = header.get(kind)
        if isinstance(lines, Mapping):
            found[kind] = _only(lines, fields)
        elif lines:
            found[kind] = [_only(line, fields) for line in lines]
    groups = max(1, len(header.get("RG", ())))
    found["RG"] = [{"ID": f"{sample}.{number}", "SM": sample} for number in range(1, groups + 1)]
    return {kind: found[kind] for kind in ("HD", "SQ", "RG", "PG") if kind in found}


def read_pseudonym(name: bytes, key: bytes) -> bytes:
    """Give what the name of a read becomes, 20 hexadecimal digits; mates have one name, and keep one.

    Parameters
    ----------
    name : bytes
        Its name as delivered.
    key : bytes
        The 16 bytes of `seqmill.privacy.pseudonyms.read_key`.
    """
    first, second = siphash(np.frombuffer(name, np.uint8), 0, len(name), key_words(key))
    return f"{int(first):016x}{int(second):016x}"[:NAME_BYTES].encode()


def pseudonymise(bam: Path, header: Mapping[str, Any], target: Path, *, sample: str, key: bytes) -> None:
    """Write a BAM anew in one pass: reduced header, reads renamed, free text among the tags left out.

    Order and number of the records stay. Read groups are those of the new header; tags of numbers and those
    of `seqmill.reads.renamed.TEXT_TAGS` are kept.

    Parameters
    ----------
    bam : Path
        Alignments with a name for each read.
    header : mapping
        Their header, with the contigs' names as they are to be.
    target : Path
        Where they go.
    sample : str
        Pseudonym of the sample.
    key : bytes
        Key of the names, see `read_pseudonym`.

    Raises
    ------
    InputError
        When the file is damaged; no name of a read is told.
    """
    reduced = reduced_header(header, sample)
    old, old_ends = _joined([line.get("ID", "") for line in header.get("RG", ())])
    new, new_ends = _joined([line["ID"] for line in reduced["RG"]])
    words = key_words(key)
    longest = int(np.diff(new_ends, prepend=0).max())
    source, out = np.empty(_ROOM, np.uint8), np.empty(room(_ROOM, longest), np.uint8)
    with BgzfReader(bam) as reader, pysam.BGZFile(str(target), f"wb{_LEVEL}") as handle:
        handle.write(_header_bytes(reduced))
        skipped, filled, offset = read_header(reader).size, 0, 0
        while (blocks := reader.scan(offset)) is not None:
            if filled + blocks.inflated > len(source):
                source = np.concatenate([source[:filled], np.empty(blocks.inflated + len(source), np.uint8)])
                out = np.empty(room(len(source), longest), np.uint8)
            filled = reader.inflate(blocks, source, filled)
            offset = blocks.next_offset
            used = min(skipped, filled)
            skipped -= used
            done, written, damaged = rename_records(
                source[used:], filled - used, out, words, old, old_ends, new, new_ends
            )
            if damaged:
                raise InputError(f"{bam}: found a damaged record, wanted whole BAM records; copy it again")
            handle.write(out[:written].tobytes())
            used += done
            source[: filled - used] = source[used:filled].copy()
            filled -= used
        if filled or skipped:
            raise InputError(f"{bam}: found its last record cut short, wanted a whole BAM; copy it again")


def _only(line: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    return {key: line[key] for key in fields if key in line}


def _joined(names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Give names one behind the other, and where each ends."""
    encoded = [name.encode() for name in names]
    ends = np.cumsum([len(name) for name in encoded], dtype=np.int64)
    return np.array(list(b"".join(encoded)), np.uint8), ends


def _header_bytes(header: Mapping[str, Any]) -> bytes:
    """Give the header of a BAM (SAM specification 4.2)."""
    text = str(pysam.AlignmentHeader.from_dict(header)).encode()
    contigs = header.get("SQ", ())
    parts = [b"BAM\1", struct.pack("<i", len(text)), text, struct.pack("<i", len(contigs))]
    for line in contigs:
        name = line["SN"].encode() + b"\0"
        parts += [struct.pack("<i", len(name)), name, struct.pack("<i", line["LN"])]
    return b"".join(parts)

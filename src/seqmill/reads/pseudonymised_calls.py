"""Variants under a pseudonym: a VCF header without commands, sources and names."""

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pysam
import pysam.bcftools

from seqmill.errors import InputError
from seqmill.files import atomic_path
from seqmill.privacy.links import VARIANTS

_CONTIG = re.compile(rb"##contig=<.*?\bID=([^,>]+)(?:.*?\b(length=\d+))?")
_KEPT = re.compile(rb"##(fileformat=|(?:FILTER|INFO|FORMAT|ALT)=<)")
_FIXED = 9  # columns before those of samples, FORMAT included


def stage_labels(path: Path, output: Path, *, sample: str) -> None:
    """Copy a file of a sample's labels without what names the person.

    Of a VCF or BCF the header keeps file format, contigs (ID and length) and the definitions of FILTER, INFO,
    FORMAT and ALT; its samples become `sample`, or ``SAMPLE.1``, ``SAMPLE.2``, ... The records stay as they
    are, and so does any other file.

    Parameters
    ----------
    path : Path
        The file.
    output : Path
        Where the copy goes, ``.vcf.gz`` for variants.
    sample : str
        Pseudonym of the sample.

    Raises
    ------
    InputError
        When there is no such file, or variants cannot be read.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file of labels; correct its path in the sample sheet")
    with atomic_path(output) as aside:
        if not path.name.endswith(VARIANTS):
            shutil.copyfile(path, aside)
            return
        try:
            with pysam.BGZFile(str(aside), "wb") as target:
                for line in reduced_lines(_lines(path), sample=sample):
                    target.write(line)
        except (OSError, EOFError, ValueError, pysam.SamtoolsError) as error:
            raise InputError(
                f"{path}: cannot be read as VCF or BCF ({type(error).__name__}); give the whole file"
            ) from None


def reduced_lines(lines: Iterator[bytes], *, sample: str) -> Iterator[bytes]:
    """Give the lines of a VCF with the header reduced and its samples renamed; see `stage_labels`.

    Raises
    ------
    ValueError
        When there is no line of columns.
    """
    for line in lines:
        if line.startswith(b"##"):
            contig = _CONTIG.match(line)
            if contig:
                yield b"##contig=<" + b",".join(filter(None, (b"ID=" + contig[1], contig[2]))) + b">\n"
            elif _KEPT.match(line):
                yield line
        elif line.startswith(b"#CHROM"):
            cells = line.rstrip(b"\r\n").split(b"\t")
            count = max(0, len(cells) - _FIXED)
            names = [sample] if count == 1 else [f"{sample}.{number}" for number in range(1, count + 1)]
            yield b"\t".join([*cells[:_FIXED], *(name.encode() for name in names)]) + b"\n"
            break
        else:
            raise ValueError("a record before the line of columns")
    else:
        raise ValueError("no line of columns")
    yield from lines


def _lines(path: Path) -> Iterator[bytes]:
    if path.name.endswith(".bcf"):
        text = pysam.bcftools.view("--no-version", "-Ov", str(path))
        yield from (f"{line}\n".encode() for line in text.splitlines())
        return
    with open(path, "rb") as handle:
        packed = handle.read(2) == b"\x1f\x8b"
    with gzip.open(path) if packed else open(path, "rb") as handle:
        yield from handle

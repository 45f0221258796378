"""Alignments that a user hands over, checked and made ready to be read at random."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pysam

from seqmill.errors import InputError, SeqmillError
from seqmill.files import atomic_path
from seqmill.genome.reference import Reference
from seqmill.reads.alignments import inspect
from seqmill.reads.contigs import changed_sequences, check_contigs
from seqmill.reads.fragment_file import is_fragments
from seqmill.reads.notice import notice
from seqmill.reads.samtools import samtools


@contextmanager
def ready_alignments(path: Path, reference: Reference) -> Iterator[Path]:
    """Check a BAM or CRAM and yield the path to read it from; staged tables are taken as they are.

    A missing index is built beside the file, or beside a link in a temporary folder where the file's
    folder cannot be written; a remark says so.

    Parameters
    ----------
    path : Path
        The file.
    reference : Reference
        What it was aligned to.

    Raises
    ------
    InputError
        When the file is missing, no BAM or CRAM, cut short, not sorted by coordinate, aligned to contigs
        of other names or lengths, or a CRAM of another reference.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; give a sorted BAM or CRAM")
    if is_fragments(path) or path.suffix == ".parquet":
        yield path
        return
    _check_whole(path)
    verbosity = pysam.set_verbosity(0)
    try:
        with pysam.AlignmentFile(str(path), reference_filename=str(reference.path)) as handle:
            contigs = dict(zip(handle.references, handle.lengths, strict=True))
            suffix = ".crai" if handle.is_cram else ".bai"
            sequences = {line["SN"]: line.get("M5", "") for line in handle.header.to_dict().get("SQ", ())}
            indexed = handle.has_index()
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as BAM or CRAM ({error})") from error
    finally:
        pysam.set_verbosity(verbosity)
    _check_contigs(path, contigs, reference)
    if suffix == ".crai":
        _check_sequences(path, {name: md5 for name, md5 in sequences.items() if md5}, reference)
    if indexed:
        yield path
        return
    notice(f"{path}: no index, building one")
    with tempfile.TemporaryDirectory(prefix="seqmill-index-") as folder:
        yield _index(path, suffix, Path(folder))


def _check_whole(path: Path) -> None:
    try:
        pysam.quickcheck(str(path))
    except pysam.SamtoolsError as error:
        raise InputError(
            f"{path}: no whole BAM or CRAM (its header or its end is missing); copy or make the file again"
        ) from error


def _check_contigs(path: Path, found: Mapping[str, int], reference: Reference) -> None:
    try:
        check_contigs(path, found, reference)
    except InputError as error:
        raise InputError(f"{error}; 'seqmill reads' has that option and stages the file anew") from None


def _check_sequences(path: Path, sequences: Mapping[str, str], reference: Reference) -> None:
    """A CRAM holds reads as differences to a reference, and cannot be read with another one."""
    changed = changed_sequences(sequences, reference)
    if changed:
        raise InputError(
            f"{path}: contig '{changed[0]}' was written with a sequence of MD5 {sequences[changed[0]]}, "
            f"{reference.path} holds another; give the reference the CRAM was made with"
        )


def _index(path: Path, suffix: str, folder: Path) -> Path:
    link = folder / path.name
    link.symlink_to(path.resolve())
    try:
        samtools("index", link)
    except SeqmillError:
        inspect(path)
        raise InputError(
            f"{path}: not sorted by coordinate, so no index can be built; wanted sorted alignments: sort "
            "it with samtools sort, or with 'seqmill reads --sort'"
        ) from None
    built = Path(f"{link}{suffix}")
    try:
        with atomic_path(f"{path}{suffix}") as aside:
            aside.write_bytes(built.read_bytes())
    except OSError:
        return link
    return path

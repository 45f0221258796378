"""FASTQ to staged BAM: align every lane of a sample with the aligner of choice."""

from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import mappy
import pysam

from seqmill import __version__
from seqmill.errors import InputError, nearest
from seqmill.genome.reference import Reference
from seqmill.progress import progress
from seqmill.reads.embedded import EmbeddedAligner
from seqmill.reads.external import ExternalAligner, on_path
from seqmill.reads.finish import MARKED_BY, mark_duplicates, publish, staging_folder
from seqmill.reads.fragments import Fragment, Lane, fragment_batches
from seqmill.reads.lone import check_lone
from seqmill.reads.pseudonymised import read_pseudonym, reduced_header

ALIGNERS = ("auto", "bwa", "minimap2", "mappy")


def align_fastq(
    fastqs: Sequence[tuple[str | PathLike[str], str | PathLike[str] | None]],
    reference: str | PathLike[str],
    output_bam: str | PathLike[str],
    *,
    sample: str,
    aligner: str = "mappy",
    threads: int = 1,
    name_key: bytes | None = None,
) -> str:
    """Align the lanes of a sample into one sorted, duplicate-marked, indexed BAM.

    All files are checked to their ends before anything is aligned. Each lane is a read group
    ``SAMPLE.1``, ``SAMPLE.2``, ... of the sample. The bytes written depend on the reads, the reference
    and the aligner alone.

    Parameters
    ----------
    fastqs : sequence of (path, path or None)
        The one or two FASTQ files of each lane; see `fragment_batches`.
    reference : path
        FASTA file, plain or bgzipped.
    output_bam : path
        Where the BAM goes, with its index beside it (``.bai`` added).
    sample : str
        Name of the sample, written into the header.
    aligner : str
        One of `ALIGNERS`; see `choose_aligner`.
    threads : int
        Threads that align, sort and compress.
    name_key : bytes, optional
        Key under which reads get other names, see `seqmill.reads.pseudonymised`.

    Returns
    -------
    str
        The aligner that was used and its version.

    Raises
    ------
    InputError
        For a bad FASTQ file or reference, or an aligner that is not there.
    """
    lanes = [Lane(Path(first), Path(second) if second else None) for first, second in fastqs]
    program = choose_aligner(aligner)
    check_lone(lanes)
    with progress(desc=f"check the reads of {sample}", unit="fragments") as bar:
        reads = sum(len(batch) for lane in lanes for batch in _watched(fragment_batches(lane), bar))
    output = Path(output_bam)
    with Reference(reference) as fasta, staging_folder(output) as folder:
        engine: EmbeddedAligner | ExternalAligner
        if program == "mappy":
            engine = EmbeddedAligner(fasta.path, threads=threads)
            version = mappy.__version__
        else:
            engine = ExternalAligner(program, fasta.path, threads=threads, folder=folder)
            version = engine.version
        groups = [f"{sample}.{number}" for number in range(1, len(lanes) + 1)]
        lines = _header(fasta.contigs, groups, sample=sample, aligner=(program, version))
        header = pysam.AlignmentHeader.from_dict(lines if name_key is None else reduced_header(lines, sample))
        grouped = folder / "grouped.bam"
        with (
            pysam.AlignmentFile(str(grouped), "wb", header=header, format_options=[b"level=1"]) as handle,
            progress(total=reads, desc=f"align {sample} with {program}", unit="fragments") as bar,
        ):
            for lane, group in zip(lanes, groups, strict=True):
                batches = _watched(_named(fragment_batches(lane), name_key), bar)
                for lines in engine.align(batches, read_group=group):
                    for line in lines:
                        handle.write(pysam.AlignedSegment.fromstring(line, header))
        mated = program == "mappy"
        publish(mark_duplicates(grouped, folder=folder, threads=threads, mated=mated), output)
    return f"{program} {version}"


def choose_aligner(name: str) -> str:
    """Give the aligner to use: ``auto`` is bwa or minimap2 where one is on the PATH, else mappy.

    Raises
    ------
    InputError
        When there is no such aligner, or its program is not on the PATH.
    """
    if name not in ALIGNERS:
        raise InputError(
            f"aligner: found '{name}'{nearest(name, ALIGNERS)}, wanted one of {', '.join(ALIGNERS)}"
        )
    if name == "auto":
        return next((program for program in ("bwa", "minimap2") if on_path(program)), "mappy")
    if name != "mappy" and not on_path(name):
        raise InputError(
            f"aligner: '{name}' is not on the PATH; install it, run the workflow with --sdm conda, or take "
            "'mappy', which is built in"
        )
    return name


def _watched(batches: Iterator[list[Fragment]], bar: Any) -> Iterator[list[Fragment]]:
    for batch in batches:
        yield batch
        bar.update(len(batch))


def _named(batches: Iterator[list[Fragment]], key: bytes | None) -> Iterator[list[Fragment]]:
    """Give fragments other names, where there is a key for them."""
    if key is None:
        yield from batches
        return
    for batch in batches:
        yield [fragment._replace(name=read_pseudonym(fragment.name, key)) for fragment in batch]


def _header(
    contigs: dict[str, int], groups: list[str], *, sample: str, aligner: tuple[str, str]
) -> dict[str, Any]:
    program, version = aligner
    return {
        "HD": {"VN": "1.6", "SO": "unsorted", "GO": "query"},
        "SQ": [{"SN": name, "LN": length} for name, length in contigs.items()],
        "RG": [{"ID": group, "SM": sample, "LB": sample, "PL": "ILLUMINA"} for group in groups],
        "PG": [
            {"ID": program, "PN": program, "VN": version},
            {**MARKED_BY, "PP": program, "VN": __version__},
        ],
    }

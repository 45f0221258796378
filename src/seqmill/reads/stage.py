"""Any delivery of a sample's reads to one form: a sorted, duplicate-marked, indexed BAM."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import pysam

from seqmill import __version__
from seqmill.errors import InputError, SeqmillError
from seqmill.genome.reference import Reference
from seqmill.reads.align import align_fastq
from seqmill.reads.alignments import AlignmentFile, inspect, unsorted
from seqmill.reads.contigs import changed_sequences, check_contigs, contig_map
from seqmill.reads.finish import MARKED_BY, mark_duplicates, publish, sort, staging_folder
from seqmill.reads.fragments import Lane
from seqmill.reads.notice import notice
from seqmill.reads.pseudonymised import pseudonymise
from seqmill.reads.samtools import samtools

_LINE = 1 << 16


@dataclass(frozen=True)
class Staged:
    """What staging did.

    Attributes
    ----------
    steps : tuple of str
        What was done to the reads, in order; a link to the file as delivered is ``linked`` alone.
    contig_mismatches : tuple of str
        One sentence for each contig that differs between alignments and reference.
    """

    steps: tuple[str, ...]
    contig_mismatches: tuple[str, ...] = ()


def stage(
    sample: str,
    inputs: Sequence[Lane] | str | PathLike[str],
    reference: str | PathLike[str],
    output_bam: str | PathLike[str],
    *,
    aligner: str = "auto",
    threads: int = 1,
    rename_contigs: str | None = None,
    sort_unsorted: bool = False,
    name_key: bytes | None = None,
) -> Staged:
    """Bring a sample's reads to a sorted, duplicate-marked, indexed BAM; what is done already is skipped.

    FASTQ is aligned. A BAM that is all of this, under this sample's name, is linked. Anything else is
    decoded, marked, renamed and indexed as far as needed. Nothing appears at `output_bam` before it is
    whole.

    Parameters
    ----------
    sample : str
        Name of the sample; alignments under another name get this one.
    inputs : sequence of Lane, or path
        FASTQ files of each lane; or one BAM or CRAM.
    reference : path
        FASTA file, plain or bgzipped.
    output_bam : path
        Where the BAM goes; its index goes beside it (``.bai`` added).
    aligner : str
        Aligner of FASTQ, one of `seqmill.reads.align.ALIGNERS`.
    threads : int
        Threads that align, sort and compress.
    rename_contigs : str, optional
        How contig names of alignments become those of the reference; see `contig_map`.
    sort_unsorted : bool
        Sort alignments that are not sorted by coordinate, instead of refusing them.
    name_key : bytes, optional
        Key under which reads get other names; headers then are reduced too, no name that the files hold is
        told, and nothing is linked. See `seqmill.reads.pseudonymised`.

    Raises
    ------
    InputError
        For reads that are damaged, unsorted or do not belong to the reference; the message says what to do.
    """
    output = Path(output_bam)
    if not isinstance(inputs, (str, PathLike)):
        lanes = [(lane.fastq_1, lane.fastq_2) for lane in inputs]
        program = align_fastq(
            lanes, reference, output, sample=sample, aligner=aligner, threads=threads, name_key=name_key
        )
        return Staged((f"aligned with {program}", "sorted", "duplicates marked", "indexed"))
    delivered = inspect(Path(inputs), threads=threads, name_samples=name_key is None)
    with Reference(reference) as fasta, staging_folder(output) as folder:
        names = contig_map(rename_contigs, list(delivered.contigs), fasta)
        mismatches = _compare(delivered, fasta, names)
        index = _index(delivered, folder, allow_unsorted=sort_unsorted)
        header = _header(delivered, sample, names, aloud=name_key is None)
        decode = _decoder(delivered, fasta, names, folder)
        bam, steps = _process(delivered, decode, is_sorted=index is not None, folder=folder, threads=threads)
        if name_key is not None:
            target = folder / "pseudonymised.bam"
            pseudonymise(bam, header, target, sample=sample, key=name_key)
            bam = target
            steps.append("header reduced, reads renamed")
        elif header != delivered.header:
            bam = _with_header(bam, header, folder)
            steps.append("header rewritten")
        if name_key is None and not delivered.header.get("RG"):
            bam = _with_read_group(bam, sample, folder)
            steps.append("read group added")
        if bam == delivered.path:
            bam = folder / "linked.bam"
            bam.symlink_to(delivered.path.resolve())
            steps.append("linked")
            publish(bam, output, index=index)
        else:
            publish(bam, output)
    return Staged(tuple(steps), tuple(mismatches))


def _compare(delivered: AlignmentFile, reference: Reference, names: Mapping[str, str]) -> list[str]:
    path = delivered.path
    contigs = {names.get(name, name): length for name, length in delivered.contigs.items()}
    mismatches = check_contigs(path, contigs, reference)
    strange = [name for name in contigs if name not in reference.contigs]
    if strange:
        notice(
            f"{path}: {len(strange)} of its contigs, such as '{strange[0]}', are not in {reference.path}; "
            "their reads are not used"
        )
    md5s = {names.get(line["SN"], line["SN"]): line["M5"] for line in delivered.header["SQ"] if "M5" in line}
    changed = changed_sequences(md5s, reference)
    if changed and delivered.is_cram:
        raise InputError(
            f"{path}: {len(changed)} of its contigs, such as '{changed[0]}', have other bases in "
            f"{reference.path} (found MD5 {md5s[changed[0]]} in the CRAM); wanted the reference the CRAM was "
            "written with: give that one"
        )
    if changed:
        notice(
            f"{path}: {len(changed)} contigs, such as '{changed[0]}', have other bases in {reference.path}"
        )
    renamed = [f"'{old}' is '{new}' in the reference (renamed)" for old, new in names.items()]
    return renamed + mismatches + [f"'{name}' has other bases in the reference" for name in changed]


def _index(delivered: AlignmentFile, folder: Path, *, allow_unsorted: bool) -> Path | None:
    """Give a copy of the index, built where there is none; None for alignments that are to be sorted."""
    says = delivered.header.get("HD", {}).get("SO")
    if delivered.says_unsorted:
        if allow_unsorted:
            return None
        raise unsorted(delivered.path, f"its header says SO:{says}")
    index = folder / "delivered.idx"
    if delivered.index is not None:
        shutil.copyfile(delivered.index, index)
        return index
    try:
        samtools("index", "-o", index, delivered.path)
    except SeqmillError:
        if allow_unsorted:
            return None
        found = f"although its header says SO:{says}" if says else "its header names no order"
        raise unsorted(delivered.path, found) from None
    if not delivered.is_cram:
        notice(f"{delivered.path}: has no up-to-date index; one is built beside the staged file")
    return index


def _header(
    delivered: AlignmentFile, sample: str, names: Mapping[str, str], *, aloud: bool = True
) -> dict[str, Any]:
    """The header with the reference's contig names and this sample's name; says who marked duplicates."""
    header = {
        kind: list(lines) if isinstance(lines, list) else lines for kind, lines in delivered.header.items()
    }
    header["SQ"] = [{**line, "SN": names.get(line["SN"], line["SN"])} for line in header["SQ"]]
    if aloud and delivered.samples - {sample}:
        notice(f"{delivered.path}: its sample '{min(delivered.samples)}' is called '{sample}' from here on")
    if header.get("RG"):
        header["RG"] = [{**line, "SM": sample} for line in header["RG"]]
    if not delivered.duplicates_marked:
        header["PG"] = [*header.get("PG", []), {**MARKED_BY, "VN": __version__}]
    if delivered.says_unsorted or not delivered.duplicates_marked:
        header["HD"] = {"VN": "1.6", **header.get("HD", {}), "SO": "coordinate"}
        header["HD"].pop("GO", None)
    return header


def _decoder(
    delivered: AlignmentFile, reference: Reference, names: Mapping[str, str], folder: Path
) -> list[str]:
    """Options that let samtools decode a CRAM: the reference under the names in the CRAM."""
    if not delivered.is_cram:
        return []
    suffixes = [".fai", ".gzi"] if reference.path.suffix == ".gz" else [".fai"]
    if not names and all(Path(f"{reference.path}{suffix}").exists() for suffix in suffixes):
        return ["--reference", str(reference.path)]
    path = folder / "reference.fa"
    old_names = {new: old for old, new in names.items()}
    with open(path, "w") as handle:
        for name, length in reference.contigs.items():
            handle.write(f">{old_names.get(name, name)}\n")
            for start in range(0, length, _LINE):
                handle.write(reference.fetch(name, start, min(start + _LINE, length)) + "\n")
    return ["--reference", str(path)]


def _process(
    delivered: AlignmentFile, decode: list[str], *, is_sorted: bool, folder: Path, threads: int
) -> tuple[Path, list[str]]:
    """Decode, sort and mark as far as needed; gives the file itself where nothing is."""
    path, extra = delivered.path, str(threads - 1)
    try:
        if not delivered.duplicates_marked:
            grouped = folder / "grouped.bam"
            prefix = str(folder / "collate")
            samtools("collate", "--no-PG", "-u", "-@", extra, *decode, "-o", grouped, path, prefix)
            marked = mark_duplicates(grouped, folder=folder, threads=threads)
            return marked, ["mates fixed", "sorted", "duplicates marked"]
        if not is_sorted:
            ordered = folder / "ordered.bam"
            sort(path, ordered, folder=folder, threads=threads, options=decode)
            return ordered, ["sorted"]
        if delivered.is_cram:
            decoded = folder / "decoded.bam"
            samtools("view", "--no-PG", "-b", "-@", extra, *decode, "-o", decoded, path)
            return decoded, ["decoded"]
    except SeqmillError as error:
        if not delivered.is_cram:
            raise
        raise InputError(
            f"{path}: cannot be decoded ({error}); wanted the reference the CRAM was written with: give that "
            "one"
        ) from None
    return path, []


def _with_header(bam: Path, header: Mapping[str, Any], folder: Path) -> Path:
    text, renamed = folder / "header.sam", folder / "renamed.bam"
    text.write_text(str(pysam.AlignmentHeader.from_dict(header)))
    samtools("reheader", "-P", text, bam, into=renamed)
    return renamed


def _with_read_group(bam: Path, sample: str, folder: Path) -> Path:
    grouped = folder / "read_group.bam"
    line = f"@RG\\tID:{sample}.1\\tSM:{sample}\\tLB:{sample}"
    samtools("addreplacerg", "--no-PG", "-w", "-r", line, "-O", "BAM", "-o", grouped, bam)
    return grouped

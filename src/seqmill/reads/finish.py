"""From alignments grouped by name to a sorted, duplicate-marked, indexed BAM, through pysam."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pysam

from seqmill.errors import InputError, SeqmillError

MARKED_BY = {"ID": "seqmill-markdup", "PN": "seqmill"}

_SORT_MEMORY = "256M"


@contextmanager
def staging_folder(output_bam: Path) -> Iterator[Path]:
    """Yield an empty folder beside `output_bam` that is removed at the end, however the block ends.

    What a killed run left there is removed first.
    """
    folder = output_bam.with_name(f".{output_bam.name}.staging")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def samtools(command: str, *arguments: str | Path, source: Path | None = None) -> str:
    """Run one samtools command in this process.

    Parameters
    ----------
    command : str
        Name of the command, such as ``sort``.
    arguments : str or Path
        Its arguments.
    source : Path, optional
        The user's file that is read, named in errors.

    Returns
    -------
    str
        What the command printed, or an empty string.

    Raises
    ------
    InputError
        When the command fails on `source`.
    SeqmillError
        When the command fails on a file of our own.
    """
    try:
        return getattr(pysam, command)(*map(str, arguments)) or ""
    except pysam.SamtoolsError as error:
        lines = str(error).replace("\\n", "\n").strip().splitlines()
        reason = lines[-1] if lines else "no reason given"
        if source is not None:
            raise InputError(
                f"{source}: cannot be read to its end ({reason}); copy or download it again"
            ) from None
        raise SeqmillError(f"samtools {command} failed: {reason}") from None


def finish(grouped: Path, output_bam: Path, *, folder: Path, threads: int) -> None:
    """Fix mates, sort by coordinate, mark duplicates and index.

    Parameters
    ----------
    grouped : Path
        Alignments grouped by read name.
    output_bam : Path
        Where the BAM goes; its index is beside it with ``.bai`` added.
    folder : Path
        A folder for temporary files on the same file system as `output_bam`.
    threads : int
        Threads that compress and sort.
    """
    extra = str(max(0, threads - 1))
    fixed, ordered, marked = folder / "fixed.bam", folder / "ordered.bam", folder / "marked.bam"
    samtools("fixmate", "--no-PG", "-m", "-u", "-@", extra, grouped, fixed)
    samtools(
        "sort", "--no-PG", "-l", "1", "-m", _SORT_MEMORY, "-T", folder / "sort", "-@", extra,
        "-o", ordered, fixed,
    )  # fmt: skip
    fixed.unlink()
    samtools("markdup", "--no-PG", "-T", folder / "markdup", "-@", extra, ordered, marked)
    ordered.unlink()
    publish(marked, output_bam)


def publish(bam: Path, output_bam: Path) -> None:
    """Index a finished BAM and move both into place, the index first so that the BAM never lacks it."""
    index = bam.with_name(f"{bam.name}.bai")
    samtools("index", bam, index)
    os.replace(index, output_bam.with_name(f"{output_bam.name}.bai"))
    os.replace(bam, output_bam)

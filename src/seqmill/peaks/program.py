"""The peak caller as a program: its command line, its failures, and the files that it writes."""

import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from seqmill.errors import InputError, SeqmillError
from seqmill.peaks.options import PeakOptions
from seqmill.reads.external import on_path

NARROW_PEAK = ("name", "score", "strand", "fold_enrichment", "p_value", "q_value", "peak")
"""Columns of narrowPeak behind contig, start, end; p and q as -log10, ``peak`` is the summit's offset."""

_NAME = "called"
_NO_MODEL = "pairing-model is terminated"


@dataclass(frozen=True, kw_only=True)
class Called:
    """What the program said.

    Attributes
    ----------
    program : str
        Its name and version.
    arguments : str
        Its arguments, without folders.
    rows : list of list of str
        The peaks, with the columns of narrowPeak.
    fragment_length : int or None
        Bases of a fragment, as measured, estimated or given.
    """

    program: str
    arguments: str
    rows: list[list[str]]
    fragment_length: int | None


def check_caller(name: str) -> None:
    """Refuse a caller that cannot be run.

    Raises
    ------
    InputError
        When it is not on the PATH.
    """
    if not on_path(name):
        raise InputError(
            f"peaks.caller: '{name}' is not on the PATH; run the workflow with --sdm conda, which brings "
            "macs3 in an environment of its own, or install it: pip install macs3 (Debian's package macs "
            "brings macs2)"
        )


def run_caller(
    treatment: Path, control: Path | None, *, form: str, genome_size: int, options: PeakOptions, folder: Path
) -> Called:
    """Call narrow peaks.

    Duplicates are taken as those that staging marked, and have been left out: the program keeps all reads.

    Parameters
    ----------
    treatment, control : Path
        BAM of the reads to use; None without a control.
    form : str
        ``BAM`` or ``BAMPE``.
    genome_size : int
        Effective genome size in bases.
    options : PeakOptions
        What else is asked for.
    folder : Path
        A folder for the program's files.

    Raises
    ------
    InputError
        When the program is missing, or cannot estimate the length of fragments.
    SeqmillError
        When it fails otherwise; its last words are in the message.
    """
    check_caller(options.caller)
    words = ["callpeak", "-t", str(treatment), *(["-c", str(control)] if control else [])]
    words += ["-f", form, "-g", str(genome_size), "-q", str(options.q_value), "--keep-dup", "all"]
    if form == "BAM" and options.fragment_length:
        words += ["--nomodel", "--extsize", str(options.fragment_length)]
    places = ["-n", _NAME, "--outdir", str(folder)]
    done = subprocess.run([options.caller, *words, *places], capture_output=True, text=True, check=False)
    if done.returncode:
        raise _failure(options.caller, done)
    peaks = folder / f"{_NAME}_peaks.narrowPeak"
    if not peaks.is_file():
        raise SeqmillError(
            f"{options.caller} ended well but wrote no {peaks.name}; see whether it runs alone"
        )
    return Called(
        program=_version(options.caller),
        arguments=shlex.join(Path(word).name for word in words),
        rows=[line.split("\t") for line in peaks.read_text().splitlines()],
        fragment_length=_fragment_length(folder / f"{_NAME}_peaks.xls"),
    )


def _failure(caller: str, done: "subprocess.CompletedProcess[str]") -> SeqmillError:
    said = (done.stderr + done.stdout).strip()
    if _NO_MODEL in said:
        return InputError(
            f"{caller} cannot estimate the length of fragments: it found too few places where reads of both "
            "strands pile up; give it as peaks.fragment_length, such as 200"
        )
    last = " ".join(said.splitlines()[-1:])
    return SeqmillError(f"{caller} failed with exit code {done.returncode}: {last}")


def _version(caller: str) -> str:
    return subprocess.run([caller, "--version"], capture_output=True, text=True, check=False).stdout.strip()


def _fragment_length(table: Path) -> int | None:
    """Read the length of fragments from the head of the program's table."""
    found = re.search(r"^# d = (\d+)", table.read_text(), flags=re.M) if table.is_file() else None
    return int(found[1]) if found else None

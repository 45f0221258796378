"""Aligner programs: bwa mem and minimap2, fed with fragments, read as SAM lines."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from seqmill.errors import SeqmillError
from seqmill.reads.fragments import Fragment
from seqmill.reads.notice import notice

_BATCH_LINES = 4096
_BWA_INDEX = (".amb", ".ann", ".bwt", ".pac", ".sa")


class ExternalAligner:
    """bwa mem or minimap2 as a child process.

    Parameters
    ----------
    program : str
        ``bwa`` or ``minimap2``; it has to be on the PATH.
    reference : Path
        FASTA file. An index of bwa beside it is used; a missing one is built in `folder`.
    threads : int
        Threads of the program; its output does not depend on them.
    folder : Path
        A folder for temporary files.
    """

    def __init__(self, program: str, reference: Path, *, threads: int, folder: Path) -> None:
        self.program = program
        self._threads = threads
        self._folder = folder
        self._reference = self._with_bwa_index(reference) if program == "bwa" else reference

    @property
    def version(self) -> str:
        """Version the program reports."""
        if self.program == "minimap2":
            return subprocess.run([self.program, "--version"], capture_output=True, text=True).stdout.strip()
        usage = subprocess.run([self.program], capture_output=True, text=True).stderr
        return next(
            (line.split()[1] for line in usage.splitlines() if line.startswith("Version:")), "unknown"
        )

    def align(self, batches: Iterator[list[Fragment]], *, read_group: str) -> Iterator[list[str]]:
        """Align the fragments of one lane.

        Parameters
        ----------
        batches : iterator of list of Fragment
            The reads.
        read_group : str
            Identifier for the RG tag.

        Yields
        ------
        list of str
            SAM lines, grouped by read name.

        Raises
        ------
        SeqmillError
            When the program fails; its last words are in the message.
        """
        with tempfile.TemporaryFile(dir=self._folder) as words:
            child = subprocess.Popen(
                self._command(read_group), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words
            )
            assert child.stdin is not None and child.stdout is not None
            feeder = _Feeder(batches, child.stdin)
            feeder.start()
            try:
                records = (line.decode().rstrip("\n") for line in child.stdout if not line.startswith(b"@"))
                while lines := list(islice(records, _BATCH_LINES)):
                    yield lines
            finally:
                if child.poll() is None and feeder.is_alive():
                    child.terminate()
                child.stdout.close()
                status = child.wait()
                feeder.join()
            if feeder.error is not None:
                raise feeder.error
            if status:
                words.seek(0)
                last = words.read().decode(errors="replace").strip().splitlines()[-1:]
                raise SeqmillError(f"{self.program} failed with exit code {status}: {' '.join(last)}")

    def _command(self, read_group: str) -> list[str]:
        group = f"@RG\\tID:{read_group}"
        threads = str(self._threads)
        if self.program == "bwa":
            # a fixed -K keeps the estimate of insert sizes, and so the output, the same for any -t
            options = ["mem", "-p", "-K", "10000000", "-t", threads, "-R", group]
        else:
            options = ["-a", "-x", "sr", "-I", "64G", "--secondary=no", "-t", threads, "-R", group]
        return [self.program, *options, str(self._reference), "-"]

    def _with_bwa_index(self, reference: Path) -> Path:
        if all(Path(f"{reference}{suffix}").exists() for suffix in _BWA_INDEX):
            return reference
        notice(
            f"{reference} has no bwa index; building one for this run ('bwa index {reference}' saves the "
            "time)"
        )
        link = self._folder / f"bwa-{reference.name}"
        link.symlink_to(reference.resolve())
        done = subprocess.run(["bwa", "index", str(link)], capture_output=True, text=True)
        if done.returncode:
            raise SeqmillError(f"bwa index failed on {reference}: {done.stderr.strip().splitlines()[-1:]}")
        return link


class _Feeder(threading.Thread):
    """Writes fragments as interleaved FASTQ into a program; keeps the error of a bad file."""

    def __init__(self, batches: Iterator[list[Fragment]], sink: BinaryIO) -> None:
        super().__init__(daemon=True)
        self._batches = batches
        self._sink = sink
        self.error: BaseException | None = None

    def run(self) -> None:
        """Feed until the fragments end or the program closes its input."""
        try:
            with self._sink as sink:
                for batch in self._batches:
                    sink.write(b"".join(map(_fastq, batch)))
        except BrokenPipeError:
            pass
        except Exception as error:
            self.error = error


def _fastq(fragment: Fragment) -> bytes:
    name, sequence_1, quality_1, sequence_2, quality_2 = fragment
    first = b"@%b\n%b\n+\n%b\n" % (name, sequence_1, quality_1)
    return first if sequence_2 is None else b"%b@%b\n%b\n+\n%b\n" % (first, name, sequence_2, quality_2)


def on_path(program: str) -> bool:
    """Say whether a program can be run."""
    return shutil.which(program, mode=os.X_OK) is not None

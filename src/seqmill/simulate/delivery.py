"""Deliver a sample's reads as a laboratory would: FASTQ lanes, a BAM or a CRAM."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pysam

from seqmill.files import atomic_path
from seqmill.reads.align import align_fastq
from seqmill.simulate.fastq import lane_paths

_LOCATION = re.compile(r"\tUR:[^\t]*")
_REHEADER = "import sys, pysam; pysam.reheader('--no-PG', *sys.argv[1:], catch_stdout=False)"


@contextmanager
def delivered(
    folder: Path, *, sample: str, delivery: str, lanes: int, reference: Path
) -> Iterator[list[tuple[Path, Path]]]:
    """Yield the FASTQ pairs to write; deliver them when the block ends well.

    ``fastq`` leaves them in `folder`. ``bam`` and ``cram`` align them with the embedded aligner, sorted,
    duplicates marked, to ``reads.bam`` or ``reads.cram`` with an index beside it, and keep no FASTQ.

    Parameters
    ----------
    folder : Path
        Folder of the sample.
    sample, delivery : str
    lanes : int
        Number of FASTQ pairs.
    reference : Path
        FASTA to align to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if delivery == "fastq":
        yield lane_paths(folder, lanes)
        return
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        pairs = lane_paths(Path(scratch), lanes)
        yield pairs
        bam = (folder if delivery == "bam" else Path(scratch)) / "reads.bam"
        align_fastq(pairs, reference, bam, sample=sample)
        if delivery == "cram":
            _to_cram(bam, folder / "reads.cram", reference=reference, scratch=Path(scratch))


def _to_cram(bam: Path, cram: Path, *, reference: Path, scratch: Path) -> None:
    """Convert a BAM, and take the path of the reference out of the header: it differs between machines."""
    draft, header = scratch / "draft.cram", scratch / "header.sam"
    pysam.view("--no-PG", "-C", "-T", str(reference), "-o", str(draft), str(bam), catch_stdout=False)
    lines = pysam.view("--no-PG", "-H", str(draft)).splitlines()
    header.write_text("".join(_LOCATION.sub("", line) + "\n" for line in lines))
    with atomic_path(cram) as aside:
        with open(aside, "wb") as handle:
            subprocess.run([sys.executable, "-c", _REHEADER, header, draft], stdout=handle, check=True)
        with atomic_path(f"{cram}.crai") as index:
            pysam.index("-o", str(index), str(aside))

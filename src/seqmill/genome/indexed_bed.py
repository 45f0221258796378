"""Tables of places, such as BED, that are compressed and indexed."""

import os
from collections.abc import Iterable
from pathlib import Path

import pysam

from seqmill.files import atomic_path


def write_indexed_bed(path: Path, lines: Iterable[str]) -> None:
    """Write lines bgzipped, with a tabix index beside them; atomically.

    Parameters
    ----------
    path : Path
        Where the table goes; its index goes beside it (``.tbi`` added).
    lines : iterable of str
        Contig, start and end (0-based half-open) and what else, tab-separated, sorted by place, each with its
        line break. Several lines may come as one text; headers begin with ``#``.
    """
    index = path.with_name(f"{path.name}.tbi")
    with atomic_path(path) as aside:
        with pysam.BGZFile(str(aside), "w") as handle:
            for line in lines:
                handle.write(line.encode())
        pysam.tabix_index(str(aside), preset="bed", force=True)
        os.replace(f"{aside}.tbi", index)
    os.utime(index)  # tabix asks for an index that is no older than its file

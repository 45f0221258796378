"""Hand-made windows: a reference, alignments, and what the application makes of them."""

from pathlib import Path

import numpy as np

from seqmill.applications.small_variants.candidates import (
    Candidates,
    allele_strings,
    find_candidates,
)
from seqmill.applications.small_variants.scan import Scan, scan_window
from seqmill.applications.small_variants.spec import Options
from seqmill.reads.columns import ReadColumns, read_columns
from tests.reads.alignments import write_bam

PLAIN = "".join(np.random.default_rng(7).choice(list("ACGT"), 400))
"""A reference without structure, 400 bases."""


def codes(text: str) -> np.ndarray:
    """Give base codes."""
    return np.array(["ACGTN".index(base) for base in text], np.uint8)


def window_of(
    folder: Path, reference: str, reads: list[dict[str, object]], options: Options
) -> tuple[ReadColumns, Scan, Candidates, list[tuple[int, str, str]]]:
    """Write the reads, decode them and find candidates; alleles as (start, REF, ALT)."""
    path = write_bam(folder / "window.bam", {"c": len(reference)}, reads)
    columns = read_columns(path, "c", 0, len(reference))
    scan = scan_window(columns, codes(reference), 0, options, start=0, end=len(reference))
    found = find_candidates(scan, 0, len(reference), options)
    strings = allele_strings(found, scan.reference, 0)
    alleles = [(int(at), *pair) for at, pair in zip(found.position, strings, strict=True)]
    return columns, scan, found, alleles

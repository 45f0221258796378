"""Real reads with known truth, brought into the same shape as simulated ones."""

import os
from collections.abc import Iterable
from pathlib import Path

import pysam

from seqmill.errors import InputError
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Variant, check_reference, read_vcf
from seqmill.simulate.fastq import compressed


def split_mates(source: str | os.PathLike[str], first: Path, second: Path) -> tuple[int, int]:
    """Sort the reads of one FASTQ file into two files of mates, pair by pair.

    Mates are known by ``/1`` and ``/2`` behind the same name and may lie anywhere in the file; reads whose
    mate is missing are left out, and of repeated reads the first one counts.

    Returns
    -------
    pairs, left_out : int

    Raises
    ------
    InputError
        When no pair is found.
    """
    mates: dict[str, dict[str, str]] = {}
    total = 0
    with pysam.FastxFile(str(source)) as reads:
        for read in reads:
            total += 1
            name, _, mate = read.name.rpartition("/")
            if mate in ("1", "2"):
                record = f"@{name}\n{read.sequence}\n+\n{read.quality}\n"
                mates.setdefault(name, {}).setdefault(mate, record)
    pairs = [both for both in mates.values() if len(both) == 2]
    if not pairs:
        raise InputError(f"{source}: holds no pairs; wanted read names that end in /1 and /2")
    for path, mate in ((first, "1"), (second, "2")):
        with compressed(path) as handle:
            handle.write("".join(both[mate] for both in pairs).encode())
    return len(pairs), total - 2 * len(pairs)


def read_truth(path: str | os.PathLike[str], contigs: Iterable[str], reference: Reference) -> list[Variant]:
    """Read the truth of real reads on `contigs`, and check that it belongs to the reference."""
    chosen = set(contigs)
    variants = [variant for variant in read_vcf(path) if variant.contig in chosen]
    check_reference(variants, reference, name=str(path))
    return variants

"""The files of a cohort: tables that ``seqmill profiles`` reads, the truth, and genotypes as VCF."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from seqmill.files import atomic_path
from seqmill.simulate.cohort.haplotypes import Alleles

_LETTERS = "ACGT"


@dataclass(frozen=True)
class Site:
    """A site; `start` is 0-based, `gene` a number."""

    contig: str
    start: int
    ref: str
    alt: str
    gene: int

    @property
    def name(self) -> str:
        """Contig, place from 1, and alleles, as of a record of a VCF."""
        return f"{self.contig}:{self.start + 1}:{self.ref}:{self.alt}"


def draw_alleles(rng: np.random.Generator, count: int) -> list[tuple[str, str]]:
    """Draw two different bases for each site, the ancestral one first."""
    first = rng.integers(0, 4, count)
    second = (first + rng.integers(1, 4, count)) % 4
    return [(_LETTERS[a], _LETTERS[b]) for a, b in zip(first, second, strict=True)]


def write_features(
    path: Path, ids: Sequence[str], features: Sequence[str], values: npt.NDArray[np.generic]
) -> None:
    """Write a table of a column ``person`` and one for each feature as Parquet, atomically."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: Mapping[str, Any] = {"person": pa.array(ids)} | {
        name: pa.array(np.ascontiguousarray(values[:, number])) for number, name in enumerate(features)
    }
    with atomic_path(path) as aside:
        pq.write_table(pa.table(columns), aside, compression="zstd")


def write_genotypes(
    path: Path, ids: Sequence[str], sites: Sequence[Site], called: Alleles, contigs: Mapping[str, int]
) -> None:
    """Write unphased genotypes as VCF 4.3, bgzipped, with a tabix index; dosage -1 is a missing one.

    Sites are sorted by contig in the order of `contigs`, then by start.
    """
    import pysam

    head = [
        "##fileformat=VCFv4.3",
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        *(f"##contig=<ID={name},length={length}>" for name, length in contigs.items()),
        "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *ids)),
    ]
    words = np.array(["./.", "0/0", "0/1", "1/1"])
    with atomic_path(path) as aside:
        with pysam.BGZFile(str(aside), "wb") as handle:
            handle.write(("\n".join(head) + "\n").encode())
            for number, site in enumerate(sites):
                record = (
                    site.contig,
                    str(site.start + 1),
                    site.name,
                    site.ref,
                    site.alt,
                    ".",
                    "PASS",
                    ".",
                    "GT",
                )
                handle.write(("\t".join((*record, *words[called[:, number] + 1])) + "\n").encode())
        with atomic_path(f"{os.fspath(path)}.tbi") as index:
            pysam.tabix_index(str(aside), preset="vcf", index=str(index), keep_original=True)

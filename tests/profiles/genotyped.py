"""A small genome, and files of genotypes that belong to it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pysam

HEAD = (
    "##fileformat=VCFv4.2\n"
    '##FILTER=<ID=low,Description="low">\n'
    '##INFO=<ID=END,Number=1,Type=Integer,Description="end">\n'
    '##INFO=<ID=AF,Number=A,Type=Float,Description="frequency">\n'
    '##INFO=<ID=CSQ,Number=.,Type=String,Description="VEP. Format: Allele|Consequence|SYMBOL|Gene">\n'
    '##INFO=<ID=ANN,Number=.,Type=String,Description="SnpEff">\n'
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="genotype">\n'
    '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="quality">\n'
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="depth">\n'
    '##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="least depth">\n'
)


def write_genome(path: Path, **contigs: str) -> Path:
    """Write contigs as FASTA."""
    path.write_text("".join(f">{name}\n{bases}\n" for name, bases in contigs.items()))
    return path


def random_bases(length: int, seed: int) -> str:
    return "".join(np.random.default_rng(seed).choice(list("ACGT"), length))


def write_calls(
    path: Path,
    samples: Sequence[str],
    rows: Sequence[str],
    *,
    contigs: dict[str, int] | None = None,
    indexed: bool = False,
) -> Path:
    """Write rows, whose cells are separated by white space, as a VCF; give it, or its compressed copy."""
    named = {"c1": 1000, "c2": 1000} if contigs is None else contigs
    lines = "".join(f"##contig=<ID={name},length={length}>\n" for name, length in named.items())
    columns = "\t".join(
        ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", *["FORMAT"] * bool(samples), *samples]
    )
    body = "".join("\t".join(row.split()) + "\n" for row in rows)
    path.write_text(f"{HEAD}{lines}{columns}\n{body}")
    if not indexed:
        return path
    return Path(pysam.tabix_index(str(path), preset="vcf", force=True))


def write_sites(path: Path, *sites: str) -> str:
    """Write sites such as ``c1 5 A G`` as a table."""
    path.write_text("contig\tposition\tref\talt\n" + "".join("\t".join(one.split()) + "\n" for one in sites))
    return str(path)

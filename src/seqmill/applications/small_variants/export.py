"""Calls as a bgzipped, tabix-indexed VCF 4.3."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pysam

from seqmill.applications.small_variants.blocks import Block
from seqmill.applications.small_variants.calls import Call
from seqmill.files import atomic_path, program_version
from seqmill.shards.parquet import clear_write_errors

LOW_QUALITY = "LowQual"

_FILTERS = (
    '##FILTER=<ID=PASS,Description="All filters passed">',
    f'##FILTER=<ID={LOW_QUALITY},Description="Quality below the threshold for this type and depth">',
)
_FORMATS = (
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Phred-scaled error probability of the genotype">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Reads over the site">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Reads with each allele, the reference first">',
    '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Phred-scaled genotype probabilities, the best at 0">',
)
_BLOCK_LINES = (
    '##ALT=<ID=*,Description="Any allele that was not observed">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="Last position of the block">',
    '##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Fewest reads over a position of the block">',
)


def header(
    *, sample: str, contigs: Mapping[str, int], lineage: Mapping[str, str], blocks: bool = False
) -> str:
    """Give the header of a call file.

    Parameters
    ----------
    sample : str
        Name of the sample.
    contigs : mapping
        Name -> length of every contig of the reference, in its order.
    lineage : mapping
        What made the calls; each key becomes a line ``##seqmill_KEY=VALUE``. Digests and names, no paths.
    blocks : bool
        Whether the file holds reference and no-call blocks.
    """
    lines = [
        "##fileformat=VCFv4.3",
        f"##source=seqmill {program_version()}",
        *(f"##seqmill_{key}={value}" for key, value in sorted(lineage.items())),
        *_FILTERS,
        *(f"##contig=<ID={name},length={length}>" for name, length in contigs.items()),
        *(_BLOCK_LINES if blocks else ()),
        *_FORMATS,
        "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", sample)),
    ]
    return "\n".join(lines) + "\n"


def call_line(call: Call, *, passes: bool) -> str:
    """Give one call as a line of VCF."""
    fields = (
        call.contig,
        str(call.start + 1),
        ".",
        call.ref,
        ",".join(call.alts),
        f"{call.quality:g}",
        "PASS" if passes else LOW_QUALITY,
        ".",
        "GT:GQ:DP:AD:PL",
        ":".join(
            (
                "/".join(map(str, call.genotype)),
                str(call.genotype_quality),
                str(call.depth),
                ",".join(map(str, call.allele_depths)),
                ",".join(map(str, call.likelihoods)),
            )
        ),
    )
    return "\t".join(fields) + "\n"


def block_line(block: Block) -> str:
    """Give a reference block (``0/0``) or a no-call block (``./.``) as a line of VCF."""
    if block.called:
        values = f"0/0:{block.genotype_quality}:{block.min_depth}:{','.join(map(str, block.likelihoods))}"
        layout = "GT:GQ:MIN_DP:PL"
    else:
        values, layout = f"./.:{block.min_depth}", "GT:MIN_DP"
    fields = (
        block.contig,
        str(block.start + 1),
        ".",
        block.ref,
        "<*>",
        ".",
        ".",
        f"END={block.end}",
        layout,
        values,
    )
    return "\t".join(fields) + "\n"


def write_vcf(
    path: str | os.PathLike[str],
    records: Iterable[Call | Block],
    *,
    sample: str,
    contigs: Mapping[str, int],
    lineage: Mapping[str, str],
    passes: Callable[[Call], bool],
    blocks: bool = False,
) -> None:
    """Write records to a bgzipped VCF with its tabix index, both whole or absent.

    The bytes depend on the arguments alone.

    Parameters
    ----------
    path : path
        The file to write, ending in ``.vcf.gz``; the index gets ``.tbi`` behind it.
    records : iterable of Call and Block
        Ordered by contig as in `contigs`, then by start.
    sample, contigs, lineage, blocks
        See `header`.
    passes : callable
        Whether a call is above the threshold of its type; others get the filter ``LowQual``.
    """
    target = Path(path)
    with clear_write_errors(target), atomic_path(target) as aside:
        index = Path(f"{aside}.tbi")
        try:
            with pysam.BGZFile(str(aside), "w") as handle:
                handle.write(header(sample=sample, contigs=contigs, lineage=lineage, blocks=blocks).encode())
                for record in records:
                    line = (
                        block_line(record)
                        if isinstance(record, Block)
                        else call_line(record, passes=passes(record))
                    )
                    handle.write(line.encode())
            pysam.tabix_index(str(aside), preset="vcf", force=True)
            os.replace(index, f"{target}.tbi")
        finally:
            index.unlink(missing_ok=True)

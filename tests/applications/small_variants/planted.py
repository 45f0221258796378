"""A small planted sample: reference, truth, and perfect reads of both haplotypes."""

from pathlib import Path
from typing import Any

import numpy as np
import pysam

from tests.reads.alignments import read, write_bam

LENGTH = 3_000
READ = 100


def reference_text(seed: int = 3) -> str:
    """Give a random reference, `LENGTH` bases."""
    return "".join(np.random.default_rng(seed).choice(list("ACGT"), LENGTH))


def haplotype_read(reference: str, start: int, alleles: list[tuple[int, str, str]]) -> tuple[str, str]:
    """Give CIGAR and bases of a perfect read of `READ` bases from a haplotype with sorted `alleles`."""
    operations: list[list] = []
    bases, at = "", start

    def add(operation: str, n: int) -> None:
        if n and operations and operations[-1][0] == operation:
            operations[-1][1] += n
        elif n:
            operations.append([operation, n])

    for place, ref, alt in alleles:
        if place < start or len(bases) + (place - at) + max(len(alt), 1) + 5 > READ:
            continue
        bases += reference[at:place] + alt
        add("M", place - at + 1)
        add("I", len(alt) - 1)
        add("D", len(ref) - 1)
        at = place + len(ref)
    rest = READ - len(bases)
    add("M", rest)
    return "".join(f"{n}{op}" for op, n in operations), bases + reference[at : at + rest]


def plant(
    folder: Path, variants: list[tuple[int, str, str, tuple[int, int]]], *, step: int = 8
) -> dict[str, Path]:
    """Write reference, truth, confident regions and alignments of a sample called ``ada``.

    Variants are (0-based start, REF, ALT with commas, genotype). Reads of each haplotype begin every `step`
    bases, so the depth is 2 * `READ` / `step`.
    """
    text = reference_text()
    paths = {
        name: folder / file
        for name, file in {"reference": "c.fa", "truth": "truth.vcf.gz", "confident": "confident.bed"}.items()
    }
    paths["reference"].write_text(f">c\n{text}\n")
    paths["confident"].write_text(f"c\t100\t{LENGTH - 100}\n")
    header = pysam.VariantHeader()
    header.add_line(f"##contig=<ID=c,length={LENGTH}>")
    header.add_line('##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">')
    header.add_sample("ada")
    with pysam.VariantFile(str(paths["truth"]), "wz", header=header) as handle:
        for start, ref, alts, genotype in variants:
            record = handle.new_record(contig="c", start=start, alleles=(ref, *alts.split(",")))
            record.samples["ada"]["GT"] = genotype
            record.samples["ada"].phased = True
            handle.write(record)
    pysam.tabix_index(str(paths["truth"]), preset="vcf", force=True)
    reads = []
    for side in (0, 1):
        alleles = [
            (start, ref, (ref, *alts.split(","))[genotype[side]])
            for start, ref, alts, genotype in variants
            if genotype[side]
        ]
        for start in range(3 * side, LENGTH - READ - 20, step):
            cigar, bases = haplotype_read(text, start, alleles)
            reads.append(read(f"h{side}:{start}", start, cigar, bases, flag=16 * (start // step % 2)))
    paths["alignments"] = write_bam(folder / "ada.bam", {"c": LENGTH}, reads)
    return paths


def as_facts(paths: dict[str, Path]) -> dict[str, Any]:
    """Give what `plant` wrote as the facts of a job."""
    labels = {name: paths[name] for name in ("truth", "confident")}
    return {name: path for name, path in paths.items() if name not in labels} | {"labels": labels}

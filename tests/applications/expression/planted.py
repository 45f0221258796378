"""Promoters whose level a planted motif raises, read forward and nowhere else; genes and reads of them."""

from pathlib import Path

import numpy as np
import pysam

MOTIF, TURNED = "TATAAAG", "CTTTATA"
WIDTH, SPACE = 40, 10
ROWS = {"c1": 400, "c2": 120, "c3": 160}
SPLITS = {
    "train": {"samples": ["leaf"], "contigs": ["c1"]},
    "validation": {"samples": ["leaf"], "contigs": ["c2"]},
    "test": {"samples": ["leaf"], "contigs": ["c3"]},
}


def write_promoters(folder: Path, seed: int = 1) -> None:
    """Write ``genome.fa`` and ``regions.bed``: a third have the motif, a third have it on the other strand.

    Every other promoter lies on the reverse strand. The motif adds 2 to a level, whatever is turned nothing.
    """
    rng = np.random.default_rng(seed)
    with open(folder / "genome.fa", "w") as fasta, open(folder / "regions.bed", "w") as bed:
        print("#contig", "start", "end", "name", "score", "strand", "level", "species", sep="\t", file=bed)
        for contig, rows in ROWS.items():
            bases = rng.choice(list("ACGT"), SPACE + rows * (WIDTH + SPACE))
            for row in range(rows):
                start, strand = SPACE + row * (WIDTH + SPACE), "+-"[row % 2]
                word = (MOTIF, TURNED, "")[rng.integers(3)]
                at = start + int(rng.integers(WIDTH - len(MOTIF)))
                placed = {"+": word, "-": {MOTIF: TURNED, TURNED: MOTIF, "": ""}[word]}[strand]
                bases[at : at + len(placed)] = list(placed)
                level = 2.0 * (word == MOTIF) + rng.normal(0, 0.3)
                name, species = f"{contig}_{row}", ("oat", "rye")[row % 3 == 0]
                row_of = (contig, start, start + WIDTH, name, 0, strand, f"{level:.4f}", species)
                print(*row_of, sep="\t", file=bed)
            print(f">{contig}", "".join(bases), sep="\n", file=fasta)


ANNOTATION = """\
##gff-version 3
c1\tx\tgene\t101\t300\t.\t+\t.\tID=plus;biotype=protein_coding
c1\tx\tmRNA\t101\t300\t.\t+\t.\tID=plus.1;Parent=plus
c1\tx\texon\t101\t150\t.\t+\t.\tParent=plus.1
c1\tx\texon\t251\t300\t.\t+\t.\tParent=plus.1
c1\tx\tgene\t401\t600\t.\t-\t.\tID=minus;biotype=protein_coding
c1\tx\tmRNA\t401\t600\t.\t-\t.\tID=minus.1;Parent=minus
c1\tx\texon\t401\t600\t.\t-\t.\tParent=minus.1
c2\tx\tgene\t5\t104\t.\t+\t.\tID=edge;biotype=protein_coding
c2\tx\tmRNA\t5\t104\t.\t+\t.\tID=edge.1;Parent=edge
c2\tx\texon\t5\t104\t.\t+\t.\tParent=edge.1
c2\tx\tgene\t501\t600\t.\t+\t.\tID=short;biotype=tRNA
c2\tx\tmRNA\t501\t600\t.\t+\t.\tID=short.1;Parent=short
c2\tx\texon\t501\t600\t.\t+\t.\tParent=short.1
c9\tx\tgene\t1\t50\t.\t+\t.\tID=lost;biotype=protein_coding
c9\tx\tmRNA\t1\t50\t.\t+\t.\tID=lost.1;Parent=lost
c9\tx\texon\t1\t50\t.\t+\t.\tParent=lost.1
"""
"""Genes of 100, 200, 100 and 100 exonic bases; one lies on no contig of the genome."""

READS = [
    *[("c1", 120, False, 60)] * 3,  # plus, its strand
    ("c1", 120, True, 60),  # plus, against its strand
    *[("c1", 500, True, 60)] * 6,  # minus, its strand
    ("c1", 180, False, 60),  # in the intron
    ("c2", 40, False, 60),  # edge
    *[("c2", 520, False, 60)] * 2,  # short
    ("c2", 540, False, 3),  # short, of a low mapping quality
]
"""Contig, start, whether on the reverse strand, mapping quality; of 20 bases each."""


def write_reads(folder: Path) -> None:
    """Write ``reads.bam`` with its index, and ``genes.gff3``."""
    (folder / "genes.gff3").write_text(ANNOTATION)
    with pysam.FastaFile(str(folder / "genome.fa")) as fasta:
        contigs = [{"SN": name, "LN": fasta.get_reference_length(name)} for name in fasta.references]
    header = pysam.AlignmentHeader.from_dict({"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": contigs})
    order = [contig["SN"] for contig in contigs]
    with pysam.AlignmentFile(str(folder / "reads.bam"), "wb", header=header) as sink:
        for number, (contig, start, turned, quality) in enumerate(
            sorted(READS, key=lambda read: (order.index(read[0]), read[1]))
        ):
            fields = [
                f"r{number}",
                16 * turned,
                contig,
                start + 1,
                quality,
                "20M",
                "*",
                0,
                0,
                "A" * 20,
                "I" * 20,
            ]
            sink.write(pysam.AlignedSegment.fromstring("\t".join(map(str, fields)), header))
    pysam.index(str(folder / "reads.bam"))

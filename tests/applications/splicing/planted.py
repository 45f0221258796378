"""A small genome with planted introns, and RNA reads out of it."""

from pathlib import Path

from seqmill.simulate.aligned import bases_of, write_alignments
from seqmill.simulate.spliced_reads import draw_spliced_reads
from seqmill.simulate.transcripts import PlantedGenome, plant_transcripts

CONTIGS = {"a": 120_000, "b": 30_000, "c": 40_000}
SPLITS = {
    "train": {"samples": ["ada"], "contigs": ["a"]},
    "validation": {"samples": ["ada"], "contigs": ["b"]},
    "test": {"samples": ["ada"], "contigs": ["c"]},
}


def write_genome(path: Path) -> PlantedGenome:
    """Write the FASTA; give the genome and its genes."""
    genome = plant_transcripts(CONTIGS, seed=11)
    path.write_text("".join(f">{name}\n{bases_of(codes)}\n" for name, codes in genome.codes.items()))
    return genome


def write_reads(path: Path, genome: PlantedGenome, *, fragments: int = 30_000) -> None:
    """Write spliced alignments of both strands' transcripts, with their index."""
    lines = draw_spliced_reads(genome, fragments=fragments, seed=3, library="reverse")
    write_alignments(path, CONTIGS, lines)


def write_annotation(path: Path, genome: PlantedGenome) -> None:
    """Write the genes as GTF."""
    with open(path, "w") as handle:
        for held in genome.annotation.transcripts:
            names = f'gene_id "{held.gene}"; transcript_id "{held.name}";'
            for start, end in held.exons:
                fields = (held.contig, "planted", "exon", start + 1, end, ".", held.strand, ".", names)
                print(*fields, sep="\t", file=handle)

"""A small genome and reads of it."""

import random
from pathlib import Path

import pysam
import pytest

from seqmill.reads.align import align_fastq
from tests.reads.sequencing import CONTIGS, Pair, draw_pair, write_pairs


@pytest.fixture(scope="session")
def genome() -> dict[str, str]:
    draw = random.Random(11)
    return {name: "".join(draw.choices("ACGT", k=length)) for name, length in CONTIGS.items()}


@pytest.fixture(scope="session")
def fasta(genome, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("reference") / "reference.fa"
    path.write_text("".join(f">{name}\n{bases}\n" for name, bases in genome.items()))
    pysam.faidx(str(path))
    return path


@pytest.fixture(scope="session")
def pairs(genome) -> list[Pair]:
    """300 error-free pairs with fragments of 250 to 350 bases, both strands."""
    draw = random.Random(12)
    drawn = []
    for number in range(300):
        contig = draw.choice(list(CONTIGS))
        size = draw.randrange(250, 350)
        start = draw.randrange(CONTIGS[contig] - size)
        place = (contig, start, start + size)
        drawn.append(draw_pair(f"p{number:03d}", genome, place, flipped=draw.random() < 0.5))
    return drawn


@pytest.fixture(scope="session")
def paired_fastq(pairs, tmp_path_factory) -> tuple[Path, Path]:
    return write_pairs(tmp_path_factory.mktemp("fastq"), pairs)


@pytest.fixture(scope="session")
def staged_bam(paired_fastq, fasta, tmp_path_factory) -> Path:
    """The pairs, aligned by the built-in aligner and staged under the name ada."""
    path = tmp_path_factory.mktemp("staged") / "ada.bam"
    align_fastq([paired_fastq], fasta, path, sample="ada")
    return path

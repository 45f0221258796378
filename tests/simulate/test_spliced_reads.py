"""Drawn RNA reads: what is planted comes back out of them."""

from collections import Counter

import numpy as np
import pysam
import pytest

from seqmill.errors import InputError
from seqmill.genome.reference import Reference
from seqmill.reads.gene_counts import count_genes
from seqmill.reads.junctions import find_junctions
from seqmill.simulate.aligned import bases_of, write_alignments
from seqmill.simulate.spliced_reads import draw_spliced_reads
from seqmill.simulate.transcripts import plant_transcripts

LENGTHS = {"a": 40_000, "b": 20_000}
FRAGMENTS = 1500


@pytest.fixture(scope="module")
def genome():
    return plant_transcripts(LENGTHS, seed=5)


@pytest.fixture(scope="module")
def reference(genome, tmp_path_factory):
    path = tmp_path_factory.mktemp("planted") / "genome.fa"
    path.write_text("".join(f">{name}\n{bases_of(codes)}\n" for name, codes in genome.codes.items()))
    with Reference(path) as opened:
        yield opened


def written(genome, folder, library):
    path = folder / f"{library}.bam"
    write_alignments(path, LENGTHS, draw_spliced_reads(genome, fragments=FRAGMENTS, seed=1, library=library))
    return path


@pytest.mark.parametrize("library", ["unstranded", "forward", "reverse"])
def test_planted_genes_and_introns_come_back(genome, reference, tmp_path, library):
    path = written(genome, tmp_path, library)
    counts = count_genes(path, genome.annotation, library=library)
    assert counts.counts.sum() == FRAGMENTS and not any(counts.counters.values())
    assert (counts.counts > 0).mean() > 0.9 and counts.log_tpm().std() > 1
    if library != "unstranded":
        wrong = {"forward": "reverse", "reverse": "forward"}[library]
        assert count_genes(path, genome.annotation, library=wrong).counters["no_feature"] == FRAGMENTS
    planted = set(genome.annotation.introns)
    for how in (None, library):
        found = find_junctions(path, reference=reference, library=how, anchor=5)
        assert set(found.introns) <= planted and len(found.introns) == len(found)
        assert len(found) > 0.9 * len(planted)
        assert set(found.motif.tolist()) == {1, 2}


def test_reads_are_those_of_the_genome_but_for_errors(genome, tmp_path):
    different, bases, flags = 0, 0, Counter()
    with pysam.AlignmentFile(str(written(genome, tmp_path, "reverse"))) as handle:
        for record in handle:
            codes = genome.codes[record.reference_name]
            at = np.array([place for _, place in record.get_aligned_pairs(matches_only=True)])
            read = np.frombuffer(record.query_sequence.encode(), np.uint8)
            different += int((np.frombuffer(bases_of(codes[at]).encode(), np.uint8) != read).sum())
            bases += len(read)
            flags[record.flag] += 1
    assert 0.001 < different / bases < 0.003
    assert flags[99] == flags[147] > 0 and flags[83] == flags[163] > 0
    assert sum(flags.values()) == 2 * FRAGMENTS


def test_the_seed_decides(genome):
    first, again, other = (list(draw_spliced_reads(genome, fragments=20, seed=seed)) for seed in (1, 1, 2))
    assert first == again != other
    with pytest.raises(InputError, match="found 'stranded'"):
        next(draw_spliced_reads(genome, fragments=20, seed=1, library="stranded"))

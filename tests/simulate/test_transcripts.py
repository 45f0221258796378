"""Planted genes: their signals, their places, and their seed."""

from itertools import pairwise

import numpy as np
import pytest

from seqmill.simulate.aligned import bases_of
from seqmill.simulate.transcripts import plant_transcripts

LENGTHS = {"a": 60_000, "b": 40_000, "short": 300}


@pytest.fixture(scope="module")
def genome():
    return plant_transcripts(LENGTHS, seed=3)


def around(genome, intron, before, after):
    """Give the bases around donor and acceptor as they are transcribed."""
    codes = genome.codes[intron.contig]
    piece = codes[intron.start - before : intron.end + after]
    if intron.strand == "-":
        piece = 3 - codes[intron.start - after : intron.end + before][::-1]
    text = bases_of(piece)
    return text[: before + 6], text[-after - 3 :]


def test_introns_carry_the_signals_of_splicing(genome):
    sites = [around(genome, intron, 3, 1) for intron in genome.annotation.introns]
    assert len(sites) > 60 and {intron.strand for intron in genome.annotation.introns} == {"+", "-"}
    assert all(donor[3:5] == "GT" and acceptor[-3:-1] == "AG" for donor, acceptor in sites)
    for place, base in [(0, "C"), (1, "A"), (2, "G"), (5, "A"), (6, "A"), (7, "G"), (8, "T")]:
        share = np.mean([donor[place] == base for donor, _ in sites])
        assert 0.7 < share < 0.95


def test_genes_lie_one_behind_the_other(genome):
    genes = genome.annotation.genes
    assert {gene.contig for gene in genes} == {"a", "b"}
    for left, right in pairwise(genes):
        assert left.contig != right.contig or left.end < right.start
    for gene in genes:
        assert 0 < gene.start < gene.end < LENGTHS[gene.contig]
        assert 2 <= len(gene.exons) <= 5
        assert all(80 <= end - start <= 250 for start, end in gene.exons)
    assert all(60 <= intron.end - intron.start <= 500 for intron in genome.annotation.introns)
    assert {name: len(codes) for name, codes in genome.codes.items()} == LENGTHS


def test_the_seed_decides(genome):
    again, other = plant_transcripts({"b": 40_000}, seed=3), plant_transcripts({"b": 40_000}, seed=4)
    assert np.array_equal(again.codes["b"], genome.codes["b"])
    assert not np.array_equal(other.codes["b"], genome.codes["b"])

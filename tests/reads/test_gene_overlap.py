"""Stretches of a contig by gene, and fragments settled, by hand; `test_gene_counts.py` draws them."""

import numpy as np
import pytest

from seqmill.genome.annotation import Gene, Transcript
from seqmill.reads.gene_overlap import AMBIGUOUS, LOW, MULTIPLE, NO_GENE, PAIRED, GeneMap, settle

GENES = [
    Gene(str(number), "", "", (Transcript(str(number), str(number), contig, strand, exons),))
    for number, (contig, strand, exons) in enumerate(
        [
            ("c", "+", ((10, 20), (30, 40))),
            ("d", "+", ((0, 9),)),
            ("c", "-", ((15, 35),)),
            ("c", "+", ((35, 50),)),
            ("c", "+", ((50, 60),)),
        ]
    )
]


@pytest.mark.parametrize(("row", "strands"), [(0, "+-"), (1, "+"), (2, "-")])
def test_each_position_has_its_gene(row, strands):
    found = GeneMap(GENES, "c")
    for position in range(70):
        over = [
            number
            for number, gene in enumerate(GENES)
            if gene.contig == "c" and gene.strand in strands
            if any(start <= position < end for start, end in gene.exons)
        ]
        wanted = AMBIGUOUS if len(over) > 1 else over[0] if over else NO_GENE
        at = int(np.searchsorted(found.bounds, position, side="right")) - 1
        assert found.gene[row, at] == wanted


def test_a_contig_without_genes_has_none():
    assert GeneMap(GENES, "e").gene.tolist() == [[NO_GENE]] * 3


def settled(reads, *, last):
    fragment, gene, state = (np.array(column) for column in zip(*reads, strict=True))
    counts = np.zeros(3 + 5, np.int64)
    rest = settle(
        fragment.astype(np.uint64), gene.astype(np.int32), state.astype(np.uint8), counts, last=last
    )
    return counts.tolist(), rest.tolist()


def test_fragments_are_counted_once_and_wait_for_their_mates():
    reads = [
        (7, 1, PAIRED),
        (3, NO_GENE, PAIRED),
        (9, 2, PAIRED),
        (3, 2, PAIRED),
        (7, 0, PAIRED),
        (7, 1, 0),
        (5, 1, LOW),
        (6, 1, LOW | MULTIPLE),
        (8, NO_GENE, PAIRED),
        (8, NO_GENE, PAIRED | LOW),
        (2, AMBIGUOUS, 0),
        (1, NO_GENE, 0),
    ]
    counts, rest = settled(reads, last=False)
    assert counts == [0, 1, 1, 1, 2, 2, 1, 0] and rest == [2]
    assert settled(reads, last=True) == ([0, 1, 2, 1, 2, 2, 1, 0], [])

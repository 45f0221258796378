"""Drawn modified reads: levels come back, motifs stand out, noise blurs them."""

import numpy as np
import pytest

from seqmill.reads.modifications import check_modifications, modified_sites
from seqmill.reads.reader import AlignmentReader
from seqmill.simulate.aligned import bases_of, write_alignments
from seqmill.simulate.genome import random_genome
from seqmill.simulate.modified_reads import PlantedMark, draw_modified_reads
from seqmill.simulate.streams import stream

LENGTH = 20_000
MARKS = [PlantedMark("6mA", "GATC", 1), PlantedMark("5mC", "CCWGG", 1)]


@pytest.fixture(scope="module")
def codes():
    return {"c": random_genome(LENGTH, stream(1, "modified"))}


def sums(codes, folder, mark, noise=0.05):
    path = folder / "a.bam"
    write_alignments(path, {"c": LENGTH}, draw_modified_reads(codes, MARKS, depth=20, seed=2, noise=noise))
    check_modifications(path, mark.mark)
    with AlignmentReader(path) as reader:
        return modified_sites(reader, "c", 0, LENGTH, mark=mark.mark)


def test_motifs_are_found_on_both_strands():
    bases = np.array(["ACGT".index(base) for base in "GGATCCCAGGTCCTGGA"])
    assert np.flatnonzero(MARKS[0].levels(bases) == 0.95).tolist() == [2]
    assert np.flatnonzero(MARKS[1].levels(bases) == 0.95).tolist() == [6, 12]
    assert np.flatnonzero(MARKS[1].levels(bases) == 0.02).tolist() == [4, 5, 11]
    overlapping = np.array(["ACGT".index(base) for base in "CCAGGATC"])
    assert MARKS[0].levels(overlapping)[5] == MARKS[1].levels(overlapping)[1] == 0.95


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.mark)
def test_levels_come_back(codes, tmp_path, mark):
    found = sums(codes, tmp_path, mark)
    assert found.reads["used"] == sum(found.reads.values()) > 0
    forward, turned = bases_of(codes["c"]), bases_of(3 - codes["c"][::-1])
    at_motif = np.array(
        [
            (forward if strand > 0 else turned)[
                (at if strand > 0 else LENGTH - 1 - at) - mark.offset :
            ].startswith(tuple(mark.motif.replace("W", base) for base in "AT"))
            for at, strand in zip(found.position, found.strand, strict=True)
        ]
    )
    assert 20 < at_motif.sum() < 0.1 * len(found)
    shares = found.modified / found.coverage
    assert 0.85 < shares[at_motif].mean() < 0.95  # 0.95 of molecules, of which the noise turns 0.05
    assert 0.04 < shares[~at_motif].mean() < 0.09
    assert 15 < found.coverage.mean() / (1 / 2) < 25  # each strand has half of the reads


def test_noise_blurs(codes, tmp_path):
    mark = MARKS[0]
    clean, noisy = (sums(codes, tmp_path, mark, noise=noise) for noise in (0.0, 0.3))
    wanted = np.concatenate([mark.levels(codes["c"]) > 0.5, (mark.levels(3 - codes["c"][::-1]) > 0.5)[::-1]])

    def spread(found):
        hit = wanted[found.position + LENGTH * (found.strand < 0)]
        level = found.probability / found.coverage
        return level[hit].mean() - level[~hit].mean()

    assert spread(clean) > 0.7 > 0.5 > spread(noisy) > 0.2


def test_the_seed_decides(codes):
    first, again, other = (list(draw_modified_reads(codes, MARKS, depth=1, seed=seed)) for seed in (1, 1, 2))
    assert first == again != other

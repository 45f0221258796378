"""Matches against an oracle, and p-values that hold what they promise."""

import numpy as np
import pytest

from seqmill.genome.meme import read_meme
from seqmill.genome.motif import Motif
from seqmill.interpretation.matching import FEWEST_SHARED, match_motifs, write_matches


def random_motifs(number: int, seed: int, name: str = "m") -> list[Motif]:
    generator = np.random.default_rng(seed)
    widths = generator.integers(5, 16, number)
    return [
        Motif(name=f"{name}{n}", probabilities=generator.dirichlet(np.full(4, 0.3), width))
        for n, width in enumerate(widths)
    ]


def best_by_hand(query: np.ndarray, target: np.ndarray) -> tuple[float, int, str]:
    """Slide the target, and its reverse complement, over the query."""
    best = (-2.0, 0, "+")
    for strand, turned in (("+", target), ("-", target[::-1, ::-1])):
        a, b = query - 0.25, turned - 0.25
        for offset in range(-len(b) + 1, len(a)):
            low, high = max(0, offset), min(len(a), offset + len(b))
            if high - low >= min(FEWEST_SHARED, len(a), len(b)):
                dot = (a[low:high] * b[low - offset : high - offset]).sum()
                best = max(best, (dot / np.linalg.norm(a) / np.linalg.norm(b), offset, strand))
    return best


def test_similarity_strand_and_offset_are_those_of_sliding_by_hand():
    queries, database = random_motifs(6, 1, "q"), random_motifs(12, 2, "t")
    found = {
        (one.query, one.target): one for one in match_motifs(queries, database, np.random.default_rng(1))
    }
    for query in queries:
        for target in database:
            one = found[query.name, target.name]
            similarity, offset, strand = best_by_hand(query.probabilities, target.probabilities)
            assert one.similarity == pytest.approx(similarity, abs=1e-5)
            assert (one.offset, one.strand) == (offset, strand)


def test_a_motif_finds_itself_turned_cut_and_noisy():
    database = random_motifs(80, 3)
    wanted = max(database, key=lambda motif: motif.width)
    noisy = 0.9 * wanted.reversed()[1:-2] + 0.025
    first, *rest = match_motifs([Motif(name="q", probabilities=noisy)], database, np.random.default_rng(1))
    assert (first.target, first.strand) == (wanted.name, "-")
    assert first.q < 0.02 and first.similarity > 0.8
    assert all(one.q > 0.05 for one in rest)


def test_p_values_of_chance_are_uniform():
    """Queries drawn like the null: a share p of all p-values is at most p."""
    database = random_motifs(100, 4)
    columns = np.concatenate([motif.probabilities for motif in database])
    generator = np.random.default_rng(5)
    queries = [
        Motif(name=f"q{n}", probabilities=columns[generator.integers(0, len(columns), 9)]) for n in range(40)
    ]
    found = match_motifs(queries, database, np.random.default_rng(1))
    p = np.array([one.p for one in found])
    for share in (0.01, 0.05, 0.2, 0.5):
        assert abs((p <= share).mean() - share) < 0.3 * share
    best = {}
    for one in found:
        best[one.query] = min(best.get(one.query, 1), one.q)
    assert sum(q < 0.05 for q in best.values()) <= 6


def test_nothing_to_compare_gives_nothing():
    assert match_motifs([], random_motifs(3, 1), np.random.default_rng(1)) == []
    assert match_motifs(random_motifs(3, 1), [], np.random.default_rng(1)) == []


def test_the_best_matches_of_each_motif_are_written(tmp_path):
    database = random_motifs(12, 2)
    write_matches(tmp_path / "m.tsv", match_motifs(database[:2], database, np.random.default_rng(1)), most=3)
    lines = (tmp_path / "m.tsv").read_text().splitlines()
    assert lines[0].split("\t") == ["motif", "target", "similarity", "strand", "offset", "p", "q"]
    assert [line.split("\t")[:2] for line in (lines[1], lines[4])] == [["m0", "m0"], ["m1", "m1"]]
    assert len(lines) == 7


@pytest.mark.real
def test_a_noisy_consensus_is_named_in_public_databases(real_data):
    for file, motif, wanted in (
        ("macisaac_yeast.v1.meme", "REB1", "REB1"),
        ("H13CORE_meme_format.meme", "CTCF.H13CORE.0.P.B", "CTCF"),
    ):
        database = read_meme(real_data / "motifs" / file)
        known = next(one for one in database if one.name == motif)
        noisy = Motif(name="q", probabilities=0.85 * known.reversed()[1:-1] + 0.0375)
        first = match_motifs([noisy], database, np.random.default_rng(1))[0]
        assert first.target.startswith(wanted) and first.q < 0.05

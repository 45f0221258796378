"""Words ranked by contribution, against a count by hand."""

from collections import defaultdict

import numpy as np
import pytest

from seqmill.genome.bases import codes_of, sequence_of
from seqmill.genome.motif import Motif
from seqmill.interpretation.kmers import Kmer, name_kmers, rank_kmers, write_kmers
from seqmill.interpretation.matching import Match

TURN = str.maketrans("ACGT", "TGCA")


@pytest.mark.parametrize("both_strands", [True, False])
def test_means_are_those_of_a_plain_count(both_strands: bool):
    generator = np.random.default_rng(1)
    codes = generator.integers(0, 5, (30, 50), dtype=np.uint8)
    values = generator.normal(size=codes.shape).astype(np.float32)
    sums = defaultdict(list)
    for row, window in enumerate(map(sequence_of, codes)):
        for at in range(48):
            word = window[at : at + 3]
            if "N" not in word:
                turned = word.translate(TURN)[::-1]
                sums[min(word, turned) if both_strands else word].append(values[row, at : at + 3].sum())
    found = rank_kmers(codes, values, k=3, both_strands=both_strands, fewest=15)
    assert {one.word: one.places for one in found} == {w: len(v) for w, v in sums.items() if len(v) >= 15}
    assert all(one.mean == pytest.approx(np.mean(sums[one.word]), abs=1e-5) for one in found)
    everything = np.mean([value for held in sums.values() for value in held])
    for one in found[:5]:
        error = np.std(sums[one.word]) / np.sqrt(one.places)
        assert one.z == pytest.approx((np.mean(sums[one.word]) - everything) / error, rel=1e-3)
    assert [one.mean for one in found] == sorted((one.mean for one in found), reverse=True)


def test_planted_words_lead_and_close_the_table(explained, study):
    found = [one.word for one in rank_kmers(study.codes, explained.of_bases, fewest=5)]

    def named(word: str) -> set[str]:
        return {n for n, m in study.motifs.items() for s in (word, word.translate(TURN)[::-1]) if s in m.text}

    assert {"reb", "cbf"} <= set().union(*map(named, found[:6]))
    assert named(found[-1]) == {"gat"}


def test_the_table_can_be_read(tmp_path):
    path = tmp_path / "kmers.tsv"
    kmers = rank_kmers(codes_of("ACACACAC")[None], np.ones((1, 8), np.float32), k=2, fewest=1)
    match = Match(query="AC", target="reb", similarity=0.91, strand="+", offset=0, p=0.001, q=0.0123)
    write_kmers(path, kmers, {"AC": match})
    assert path.read_text().splitlines() == [
        "kmer\tplaces\tmean_contribution\tz\tmotif\tsimilarity\tq",
        "AC\t4\t2\t0\treb\t0.9100\t0.0123",
        "CA\t3\t2\t0\t\t\t",
    ]


def test_words_are_named_by_the_motif_that_they_are_cut_from():
    generator = np.random.default_rng(4)
    others = [
        Motif(name=f"other_{at}", probabilities=generator.dirichlet(np.full(4, 0.3), 9)) for at in range(30)
    ]
    planted = Motif(name="planted", probabilities=np.eye(4)[codes_of("TTACCCGGA")] * 0.94 + 0.015)
    kmers = [Kmer(word=word, places=10, mean=1.0, z=3.0) for word in ("TTACCCGG", "TCCGGGTA")]
    named = name_kmers(kmers, [*others, planted], generator)
    assert {word: (match.target, match.strand) for word, match in named.items()} == {
        "TTACCCGG": ("planted", "+"),
        "TCCGGGTA": ("planted", "-"),
    }
    assert max(match.q for match in named.values()) < 0.05
    assert name_kmers(kmers, [], generator) == {}

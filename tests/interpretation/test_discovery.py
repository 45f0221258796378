"""Planted motifs come out of the contributions, and only these."""

import numpy as np
import pytest

from seqmill.genome.bases import codes_of
from seqmill.genome.motif import Motif
from seqmill.interpretation.contributions import Contributions
from seqmill.interpretation.control import randomised
from seqmill.interpretation.discovery import Found, discover
from seqmill.interpretation.gradients import expected_gradients
from seqmill.interpretation.matching import match_motifs
from seqmill.interpretation.seqlets import find_seqlets
from seqmill.interpretation.shuffles import shuffle_pairs

DECOYS = 60


@pytest.fixture(scope="module")
def database(study) -> list[Motif]:
    """The planted motifs among many others."""
    generator = np.random.default_rng(9)
    others = [
        Motif(
            name=f"other{n}",
            probabilities=generator.dirichlet(np.full(4, 0.15), int(generator.integers(7, 13))),
        )
        for n in range(DECOYS)
    ]
    return [*study.motifs.values(), *others]


def found_in(contributions: Contributions, chance: np.ndarray) -> list[Found]:
    seqlets = find_seqlets(contributions.of_bases, chance)
    return discover(contributions, seqlets)


def named(found: list[Found], database: list[Motif]) -> list[str]:
    """Give the best match of each motif, empty where none is significant."""
    matches = match_motifs([one.motif for one in found], database, np.random.default_rng(1))
    best = {one.query: one for one in reversed(matches)}
    return [best[one.motif.name].target if best[one.motif.name].q < 0.05 else "" for one in found]


def test_planted_motifs_are_found_and_nothing_else(explained, chance, study, database):
    found = found_in(explained, chance)
    names = named(found, database)
    assert set(names) == set(study.motifs)
    assert len(names) == len(study.motifs)
    for one, name in zip(found, names, strict=True):
        assert (one.mean < 0) == (name == "gat")
        assert one.sites > 50
        assert set(one.motif.text) <= set("ACGT") and len(one.motif.text) >= len(study.motifs[name].text) - 3


def test_frequencies_are_those_that_were_planted(explained, chance, study, database):
    found = found_in(explained, chance)
    for one, name in zip(found, named(found, database), strict=True):
        information = one.motif.information
        planted = study.motifs[name].information
        assert abs(information.max() - planted.max()) < 0.4


def test_a_model_with_randomised_weights_has_none_of_them(network, study, database):
    for seed in range(2):
        control = randomised(network, seed=seed).eval()
        generator = np.random.default_rng(1)
        windows = study.codes, shuffle_pairs(study.codes, generator)
        said, chance = (expected_gradients(control, w, generator=generator, baselines=12) for w in windows)
        assert not set(named(found_in(said, chance.of_bases), database)) & set(study.motifs)


def test_contributions_without_pattern_give_no_motif():
    generator = np.random.default_rng(1)
    said = Contributions(
        codes=generator.integers(0, 4, (100, 100), dtype=np.uint8),
        hypothetical=generator.normal(size=(100, 4, 100)).astype(np.float32),
        predicted=np.zeros(100),
        expected=np.zeros(100),
    )
    noise = generator.normal(size=(100, 100)).astype(np.float32)
    assert found_in(said, noise) == []


def test_strands_are_told_apart_where_they_differ(explained, chance):
    seqlets = find_seqlets(explained.of_bases, chance)
    one_strand = discover(explained, seqlets, both_strands=False)
    assert len(one_strand) > len(discover(explained, seqlets))
    texts = [one.motif.text for one in one_strand]
    assert any("ACCCGG" in text or "TTACCC" in text for text in texts)
    assert any("CCGGGT" in text or "GGGTAA" in text for text in texts)
    assert codes_of(texts[0]).max() < 4

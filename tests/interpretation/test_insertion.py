"""Motifs on their own, beside strings of the same bases."""

from collections import Counter

import numpy as np
import pytest
import torch

from seqmill.genome.bases import codes_of
from seqmill.genome.motif import Motif
from seqmill.interpretation.insertion import SHUFFLES, Insertion, insert_motif, write_insertions
from seqmill.interpretation.shuffles import shuffle_pairs


def test_planted_motifs_beat_every_shuffle_and_others_do_not(network, study):
    quiet = shuffle_pairs(study.codes[:32], np.random.default_rng(1))
    generator = np.random.default_rng(2)
    for name, motif in study.motifs.items():
        found = insert_motif(network, motif, quiet, generator)
        assert (found.effect < 0) == (name == "gat")
        assert (found.beaten, len(found.shuffled)) == (SHUFFLES, SHUFFLES)
        assert abs(found.z) > 4
    other = Motif(name="other", probabilities=np.eye(4)[codes_of("AGAGTCTCT")])
    found = insert_motif(network, other, quiet, generator)
    assert found.beaten < SHUFFLES and abs(found.z) < 4


def test_strings_have_the_same_bases_and_the_effect_is_the_mean_over_backgrounds():
    seen: list[torch.Tensor] = []

    def count(windows: torch.Tensor) -> torch.Tensor:
        seen.append(windows)
        return windows[:, 0].sum(1)[:, None]

    backgrounds = np.random.default_rng(1).integers(0, 4, (10, 9), dtype=np.uint8)
    found = insert_motif(
        count,
        Motif(name="m", probabilities=np.eye(4)[codes_of("AAC")]),
        backgrounds,
        np.random.default_rng(1),
    )
    middle = (backgrounds[:, 3:6] == 0).sum(axis=1).mean()
    assert found.effect == pytest.approx(2 - middle)
    assert found.shuffled == pytest.approx((2 - middle,) * 2)
    assert found.beaten == 0
    words = {tuple(window[:, 3:6].argmax(0).tolist()) for window in torch.cat(seen)[:30]}
    assert {tuple(sorted(Counter(word).items())) for word in words} == {((0, 2), (1, 1))} and len(words) == 3


def test_the_reverse_complement_is_no_shuffle_where_strands_are_alike():
    motif = Motif(name="m", probabilities=np.eye(4)[codes_of("AT")])
    backgrounds = np.zeros((2, 6), np.uint8)

    def nothing(windows: torch.Tensor) -> torch.Tensor:
        return windows.sum((1, 2))[:, None]

    assert len(insert_motif(nothing, motif, backgrounds, np.random.default_rng(1)).shuffled) == 1
    acgt = Motif(name="m", probabilities=np.eye(4)[codes_of("GA")])
    assert len(insert_motif(nothing, acgt, backgrounds, np.random.default_rng(1)).shuffled) == 1


def test_the_table_tells_effect_and_shuffles(tmp_path):
    told = [
        Insertion(name="m", word="AC", effect=-2.0, shuffled=(-1.0, 1.0)),
        Insertion(name="n", word="AA", effect=1.0, shuffled=()),
    ]
    write_insertions(tmp_path / "i.tsv", told)
    assert (tmp_path / "i.tsv").read_text().splitlines()[1:] == [
        "m\tAC\t-2\t2\t2\t0\t1\t-1.41",
        "n\tAA\t1\t0\t0\tnan\tnan\t0",
    ]

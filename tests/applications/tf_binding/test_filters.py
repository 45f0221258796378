"""Filters that begin as motifs score what the motifs score."""

import numpy as np
import pytest
import torch

from seqmill.applications.tf_binding.filters import motif_filters, plant_motifs
from seqmill.errors import InputError
from seqmill.genome.bases import codes_of
from seqmill.genome.motif import Motif
from seqmill.genome.scan import best_scores
from seqmill.models.sequence import one_hot
from tests.applications.tf_binding import planted

EVEN = np.full(4, 0.25)


def motif(word, share=0.91):
    rows = np.full((len(word), 4), (1 - share) / 3)
    rows[np.arange(len(word)), codes_of(word)] = share
    return Motif(name="m", probabilities=rows)


@pytest.mark.parametrize("width", [9, 13])
def test_the_strongest_response_is_the_best_score_of_the_motif(width):
    one = motif("TTACCCGGA")
    codes = np.random.default_rng(1).integers(0, 4, (50, 40), dtype=np.uint8)
    stem = torch.nn.Conv1d(4, 2, width, bias=False)
    stem.weight.data = torch.from_numpy(motif_filters([one], width))
    margin = (width - one.width) // 2
    padded = torch.nn.functional.pad(one_hot(torch.from_numpy(codes)), (margin, margin))
    told = stem(padded).amax((1, 2)).detach().numpy()
    np.testing.assert_allclose(told, best_scores(codes, one, EVEN), rtol=1e-5)


def test_of_a_longer_motif_the_most_informative_stretch_is_taken():
    rows = np.concatenate([np.full((4, 4), 0.25), motif("ACGTACGTA").probabilities, np.full((3, 4), 0.25)])
    found = motif_filters([Motif(name="m", probabilities=rows)], 9)
    np.testing.assert_allclose(found, motif_filters([motif("ACGTACGTA")], 9))


@pytest.fixture
def database(tmp_path):
    (tmp_path / "m.meme").write_text(planted.meme(planted.MOTIFS))
    return tmp_path / "m.meme"


def test_planted_filters_have_the_length_of_drawn_ones_and_the_others_stay(database):
    torch.manual_seed(1)
    stem = torch.nn.Conv1d(4, 8, 15)
    before = stem.weight.detach().clone()
    plant_motifs(stem, database, tuple(planted.MOTIFS))
    lengths = stem.weight.detach().flatten(1).norm(dim=1)
    assert torch.equal(stem.weight[4:], before[4:])
    torch.testing.assert_close(lengths[:4], before.flatten(1).norm(dim=1).mean().expand(4))
    assert stem.weight.requires_grad
    best = stem.weight[0].argmax(0)[:14].numpy()
    assert best.tolist() == codes_of(planted.MOTIFS["AAA1"]).tolist()


def test_too_few_filters_are_refused(database):
    with pytest.raises(InputError, match=r"model.options.channels: found 3, want at least 4: two for each"):
        plant_motifs(torch.nn.Conv1d(4, 3, 15), database, tuple(planted.MOTIFS))

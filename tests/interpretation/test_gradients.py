"""Contributions by gradients: exact where theory says what they are."""

import numpy as np
import torch

from seqmill.genome.bases import AMBIGUOUS
from seqmill.interpretation.gradients import expected_gradients, integrated_gradients


def test_contributions_of_a_linear_model_are_its_weights_against_the_baselines():
    weights = torch.from_numpy(np.random.default_rng(1).normal(size=(4, 30)).astype(np.float32))
    codes = np.random.default_rng(2).integers(0, 4, (3, 30), dtype=np.uint8)

    def linear(windows: torch.Tensor) -> torch.Tensor:
        return (windows * weights).sum((1, 2))[:, None]

    found = expected_gradients(linear, codes, generator=np.random.default_rng(3), baselines=40)
    assert found.incompleteness < 1e-4
    differences = found.hypothetical[:, 1:] - found.hypothetical[:, :1]
    assert np.allclose(differences, (weights[1:] - weights[:1])[None], atol=1e-4)
    own = weights.numpy()[codes, np.arange(30)]
    assert np.corrcoef(found.of_bases.ravel(), own.ravel())[0, 1] > 0.8


def test_integrals_add_up_to_the_prediction_minus_the_expectation(network, study):
    found = integrated_gradients(network, study.codes[:20], generator=np.random.default_rng(1), steps=64)
    assert found.incompleteness < 1e-3
    assert np.allclose(found.predicted, network(_windows(study.codes[:20]))[:, 0].detach(), atol=1e-4)


def test_one_point_on_each_of_many_paths_comes_near_that_sum(explained, network, study):
    assert explained.incompleteness < 0.15
    few = expected_gradients(network, study.codes[:50], generator=np.random.default_rng(1), baselines=2)
    assert few.incompleteness > 2 * explained.incompleteness


def test_unknown_bases_contribute_nothing(network, study):
    codes = study.codes[:4].copy()
    codes[:, 20:30] = AMBIGUOUS
    found = integrated_gradients(network, codes, generator=np.random.default_rng(1), baselines=2, steps=64)
    assert (found.of_bases[:, 20:30] == 0).all() and (found.of_bases[:, :20] != 0).any()
    assert found.incompleteness < 1e-3


def test_other_outputs_can_be_explained():
    def two(windows: torch.Tensor) -> torch.Tensor:
        return torch.stack([windows[:, 0].sum(1), 3 * windows[:, 1].sum(1)], 1)

    codes = np.array([[0, 1, 2, 3, 0, 0]], np.uint8)
    found = integrated_gradients(two, codes, output=1, generator=np.random.default_rng(1), baselines=2)
    assert np.allclose(found.hypothetical[0, 1] - found.hypothetical[0, 0], 3)


def _windows(codes: np.ndarray) -> torch.Tensor:
    return torch.nn.functional.one_hot(torch.from_numpy(codes).long(), 4).transpose(1, 2).float()

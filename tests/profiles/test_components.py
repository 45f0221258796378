"""Components separate populations, and are those of the singular vectors."""

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.profiles.components import fit_components
from seqmill.profiles.table import Block


@pytest.fixture
def block():
    rng = np.random.default_rng(2)
    frequencies = rng.uniform(0.2, 0.8, (3, 300))
    values = rng.binomial(2, frequencies[np.arange(150) % 3]).astype(np.int8)
    return Block(tuple(f"s{number}" for number in range(300)), values, rng.random(values.shape) > 0.02)


def part(block, rows):
    return Block(block.features, block.values[rows], block.mask[rows])


def test_components_are_the_leading_singular_vectors(block):
    found = fit_components(block, 2)
    p = np.where(block.mask, block.values, 0).sum(axis=0) / (2 * block.mask.sum(axis=0))
    table = np.where(block.mask, (block.values - 2 * p) / np.sqrt(2 * p * (1 - p)), 0)
    exact = np.linalg.svd(table, full_matrices=False)[2][:2]
    for number in range(2):
        assert abs(found.loadings[:, number] @ exact[number]) == pytest.approx(1, abs=1e-4)


def test_those_who_were_not_fitted_fall_among_their_population(block):
    fitted, others = part(block, slice(0, 90)), part(block, slice(90, 150))
    components = fit_components(fitted, 2)
    own, projected = components.project(fitted), components.project(others)
    centres = np.stack([own[np.arange(90) % 3 == one].mean(axis=0) for one in range(3)])
    nearest = np.linalg.norm(projected[:, None] - centres, axis=2).argmin(axis=1)
    assert nearest.tolist() == (np.arange(60) % 3).tolist()


def test_others_have_no_say_in_the_fit(block):
    changed = Block(block.features, block.values.copy(), block.mask)
    changed.values[90:] = 2
    before, after = (fit_components(part(one, slice(0, 90)), 2) for one in (block, changed))
    assert np.array_equal(before.loadings, after.loadings)


def test_what_does_not_do_is_refused(block):
    with pytest.raises(InputError, match="200 components wanted"):
        fit_components(block, 200)
    with pytest.raises(InputError, match="int8 dosages"):
        fit_components(Block(("a",), np.ones((3, 1), np.float32), np.ones((3, 1), bool)), 1)
    with pytest.raises(InputError, match="the same sites"):
        fit_components(block, 2).project(
            part(Block(block.features[:1], block.values[:, :1], block.mask[:, :1]), slice(0, 9))
        )

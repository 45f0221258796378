"""Principal components of dosages: where in the space of ancestries a person stands."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from seqmill.errors import InputError
from seqmill.profiles.table import Block, Mask

Values = npt.NDArray[np.float64]

_EXTRA = 10
_ROUNDS = 4


@dataclass(frozen=True)
class Components:
    """Components that were fitted to some people, and onto which others are projected.

    Attributes
    ----------
    features : tuple of str
        Names of the S sites.
    frequencies : float64 array, shape (S,)
        Of the counted allele among the people fitted to.
    loadings : float64 array, shape (S, K)
        0 for sites that do not vary among them.
    """

    features: tuple[str, ...]
    frequencies: Values
    loadings: Values

    def project(self, block: Block) -> Values:
        """Give the components of people, float64 [n, K]; a missing genotype counts as the mean.

        Raises
        ------
        InputError
            When the block has other sites.
        """
        if block.features != self.features:
            raise InputError(
                f"components were fitted to {len(self.features)} sites, found {len(block.features)} or "
                "others; give dosages at the same sites"
            )
        return _standardised(block.values, block.mask, self.frequencies) @ self.loadings


def fit_components(block: Block, count: int, *, minimum_frequency: float = 0.05) -> Components:
    """Fit principal components to people (Patterson et al. 2006), those of training alone.

    Dosages are standardised by the spread that Hardy and Weinberg expect, and have to be of common alleles;
    the decomposition is the randomised one of Halko et al. (2011) with fixed seed.

    Parameters
    ----------
    block : Block
        int8 dosages, 0 to 2.
    count : int
        Components.
    minimum_frequency : float
        Of the rarer allele at sites that count.

    Raises
    ------
    InputError
        When there are fewer people or common sites than components.
    """
    frequencies, loadings = fit_axes(block.values, block.mask, count, minimum_frequency=minimum_frequency)
    return Components(block.features, frequencies, loadings)


def fit_axes(
    dosages: npt.NDArray[Any], mask: Mask, count: int, *, minimum_frequency: float = 0.05
) -> tuple[Values, Values]:
    """Give ``frequencies`` and ``loadings`` of `Components`; see `fit_components`.

    Parameters
    ----------
    dosages : int8 array, shape (n, S)
        0 to 2.
    mask : bool array, shape (n, S)
        Whether each is there.
    count : int
        Components.
    minimum_frequency : float
        Of the rarer allele at sites that count.
    """
    if dosages.dtype != np.int8:
        raise InputError(f"components are made of int8 dosages, found {dosages.dtype}; give such a block")
    there = mask.sum(axis=0)
    frequencies = np.where(mask, dosages, 0).sum(axis=0) / np.maximum(2 * there, 1)
    common = np.minimum(frequencies, 1 - frequencies) >= minimum_frequency
    if min(common.sum(), len(dosages) - 1) < count:
        raise InputError(
            f"{count} components wanted of {int(common.sum())} common sites and {len(dosages)} people; "
            "ask for fewer"
        )
    frequencies = np.where(common, frequencies, 0)
    loadings = np.zeros((len(frequencies), count))
    loadings[common] = _leading(_standardised(dosages, mask, frequencies)[:, common], count)
    return frequencies, loadings


def component_names(count: int) -> tuple[str, ...]:
    """Give PC1, PC2, and so on."""
    return tuple(f"PC{number + 1}" for number in range(count))


def _standardised(dosages: npt.NDArray[Any], mask: Mask, frequencies: Values) -> Values:
    spread = np.sqrt(2 * frequencies * (1 - frequencies))
    scaled = (dosages - 2 * frequencies) / np.where(spread > 0, spread, 1)
    return np.where(mask & (spread > 0), scaled, 0)


def _leading(table: Values, count: int) -> Values:
    """Give right singular vectors; the largest part of each is positive."""
    rng = np.random.default_rng(0)
    width = min(count + _EXTRA, *table.shape)
    basis = np.linalg.qr(table @ rng.normal(size=(table.shape[1], width)))[0]
    for _ in range(_ROUNDS):
        basis = np.linalg.qr(table @ np.linalg.qr(table.T @ basis)[0])[0]
    vectors = np.linalg.svd(basis.T @ table, full_matrices=False)[2][:count].T
    largest = vectors[np.abs(vectors).argmax(axis=0), np.arange(count)]
    return vectors * np.where(largest < 0, -1, 1)

"""Generated windows with known motifs, and a network that is known to see exactly these."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from seqmill.genome.bases import codes_of, reverse_complement
from seqmill.genome.motif import Motif
from seqmill.interpretation.contributions import Contributions
from seqmill.interpretation.gradients import expected_gradients
from seqmill.interpretation.shuffles import shuffle_pairs

WORDS = {"reb": "TTACCCGGA", "cbf": "GTCACGTGAC", "gat": "CTGATAAGC"}
WEIGHTS = {"reb": 0.4, "cbf": 0.2, "gat": -0.3}
LENGTH = 120


def motif_of(name: str, word: str, certainty: float = 0.94) -> Motif:
    rest = (1 - certainty) / 3
    probabilities = np.full((len(word), 4), rest)
    probabilities[np.arange(len(word)), codes_of(word)] = certainty
    return Motif(name=name, probabilities=probabilities)


MOTIFS = {name: motif_of(name, word) for name, word in WORDS.items()}


class Planted(torch.nn.Module):
    """Log-odds filters for each motif on both strands, a soft threshold, and a weight for each motif."""

    def __init__(self) -> None:
        super().__init__()
        width = max(map(len, WORDS.values()))
        filters = np.zeros((2 * len(MOTIFS), 4, width), np.float32)
        for row, motif in enumerate(MOTIFS.values()):
            odds = np.log2(motif.probabilities / 0.25)
            filters[2 * row, :, : motif.width] = odds.T
            filters[2 * row + 1, :, : motif.width] = odds[::-1, ::-1].T
        self.filters = torch.nn.Parameter(torch.from_numpy(filters))
        most = [float(np.log2(motif.probabilities.max(axis=1) / 0.25).sum()) for motif in MOTIFS.values()]
        self.bias = torch.nn.Parameter(torch.tensor([-0.45 * score for score in most for _ in range(2)]))
        self.weights = torch.nn.Parameter(
            torch.tensor([[WEIGHTS[name]] for name in MOTIFS for _ in range(2)])
        )

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        seen = torch.nn.functional.conv1d(windows, self.filters, self.bias)
        return torch.nn.functional.softplus(seen, beta=2).sum(2) @ self.weights


@dataclass(frozen=True)
class Study:
    """Windows, where which motif was planted as (window, start, name), and the motifs."""

    codes: np.ndarray
    sites: list[tuple[int, int, str]]
    motifs: dict[str, Motif]


def make_study(windows: int = 200, seed: int = 5) -> Study:
    generator = np.random.default_rng(seed)
    codes = generator.integers(0, 4, (windows, LENGTH), dtype=np.uint8)
    sites = []
    for row in range(windows):
        places = generator.choice(np.arange(10, LENGTH - 20, 25), 2, replace=False)
        for start, name in zip(places, generator.choice(list(WORDS), 2), strict=True):
            motif = MOTIFS[str(name)]
            word = np.array([generator.choice(4, p=row_) for row_ in motif.probabilities], np.uint8)
            word = reverse_complement(word) if generator.random() < 0.5 else word
            codes[row, start : start + len(word)] = word
            sites.append((row, int(start), str(name)))
    return Study(codes, sites, MOTIFS)


@pytest.fixture(scope="session")
def network() -> Planted:
    return Planted().eval()


@pytest.fixture(scope="session")
def study() -> Study:
    return make_study()


@pytest.fixture(scope="session")
def explained(network: Planted, study: Study) -> Contributions:
    return expected_gradients(network, study.codes, generator=np.random.default_rng(1))


@pytest.fixture(scope="session")
def chance(network: Planted, study: Study) -> np.ndarray:
    """Contributions to the bases of shuffled windows."""
    generator = np.random.default_rng(2)
    return expected_gradients(network, shuffle_pairs(study.codes, generator), generator=generator).of_bases

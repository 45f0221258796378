"""First filters of a network that begin as known motifs."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from seqmill.applications.tf_binding.motifs import motifs_of
from seqmill.errors import InputError
from seqmill.genome.motif import Motif
from seqmill.genome.scan import log_odds

_EVEN = np.full(4, 0.25)


def plant_motifs(stem: nn.Conv1d, path: Path, factors: Sequence[str]) -> None:
    """Let the first filters of a convolution over DNA begin as the motifs of factors, on both strands.

    Weights are the log-odds of the motif, centred, to the length of a drawn filter; of a motif longer than a
    filter the most informative stretch is taken.

    Raises
    ------
    InputError
        When the file cannot be used, or there are more motifs than filters.
    """
    motifs = [motif for of_factor in motifs_of(path, factors).values() for motif in of_factor]
    found = motif_filters(motifs, stem.kernel_size[0])
    if len(found) > stem.out_channels:
        raise InputError(
            f"model.options.channels: found {stem.out_channels}, want at least {len(found)}: two for each of "
            f"the {len(motifs)} motifs that {path} has of these factors"
        )
    with torch.no_grad():
        length = stem.weight.flatten(1).norm(dim=1).mean()
        weights = torch.from_numpy(found).to(stem.weight)
        stem.weight[: len(found)] = weights * (length / weights.flatten(1).norm(dim=1))[:, None, None]


def motif_filters(motifs: Sequence[Motif], width: int) -> npt.NDArray[np.float32]:
    """Give the log-odds of motifs and of their other strands, in bits, float32 [2 * motifs, 4, width]."""
    filters = np.zeros((2 * len(motifs), 4, width), np.float32)
    for number, motif in enumerate(motifs):
        odds = log_odds(motif, _EVEN) / 100
        if len(odds) > width:
            held = np.convolve(motif.information, np.ones(width), "valid")
            odds = odds[int(held.argmax()) :][:width]
        first = (width - len(odds)) // 2
        filters[2 * number, :, first : first + len(odds)] = odds.T
        filters[2 * number + 1] = filters[2 * number, ::-1, ::-1]
    return filters

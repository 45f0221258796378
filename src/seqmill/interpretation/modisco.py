"""Motifs by TF-MoDISco, where its package is installed."""

from typing import Any

import numpy as np

from seqmill.errors import InputError
from seqmill.genome.bases import AMBIGUOUS
from seqmill.interpretation.contributions import Contributions
from seqmill.interpretation.discovery import Found, numbered, trimmed

WINDOW, FLANK = 20, 5
"""Bases of the stretch by which seqlets are found, and beside it, as the package's command line has them."""


def discover_by_modisco(contributions: Contributions) -> list[Found]:
    """Group the seqlets that TF-MoDISco finds into motifs, those with most seqlets first.

    Parameters
    ----------
    contributions : Contributions
        Windows and the contributions of their bases.

    Raises
    ------
    InputError
        When the package modisco-lite is not installed.

    Notes
    -----
    Shrikumar et al., "Technical note on TF-MoDISco", arXiv:1811.00416, in the implementation modisco-lite.
    It finds seqlets itself, takes minutes, and needs some hundred of them for a motif.
    """
    try:
        from modiscolite.tfmodisco import TFMoDISco
    except ImportError:
        raise InputError(
            "--discovery modisco: the package modisco-lite is not installed; pip install "
            "'seqmill[modisco]', or leave the option out"
        ) from None
    bases = (contributions.codes[..., None] == np.arange(4)).astype(np.float32)
    known = (contributions.codes != AMBIGUOUS)[..., None]
    hypothetical = np.where(known, contributions.hypothetical.transpose(0, 2, 1), np.float32(0))
    grouped = TFMoDISco(
        bases,
        hypothetical,
        sliding_window_size=WINDOW,
        flank_size=FLANK,
        target_seqlet_fdr=0.05,
        n_leiden_runs=2,
    )
    return numbered([_found(pattern) for of_sign in grouped for pattern in of_sign or ()])


def _found(pattern: Any) -> Found:
    sites = len(pattern.seqlets)
    return trimmed(pattern.sequence.T * sites, pattern.contrib_scores.T, float(pattern.contrib_scores.sum()))

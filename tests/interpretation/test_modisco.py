"""TF-MoDISco finds the planted motifs in the contributions, where it is installed."""

import sys

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.interpretation.matching import match_motifs
from seqmill.interpretation.modisco import discover_by_modisco


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_planted_motifs_are_found(explained, study):
    pytest.importorskip("modiscolite", reason="modisco-lite is not installed: pip install 'seqmill[modisco]'")
    found = discover_by_modisco(explained)
    motifs = [one.motif for one in found]
    assert [motif.name for motif in motifs] == [f"motif_{number + 1}" for number in range(len(motifs))]
    matches = match_motifs(motifs, list(study.motifs.values()), np.random.default_rng(1))
    best = {one.query: one for one in reversed(matches)}
    names = {best[motif.name].target: one for motif, one in zip(motifs, found, strict=True)}
    assert {"reb", "cbf"} <= set(names)  # it leaves the weakest one alone
    assert all((one.mean < 0) == (name == "gat") for name, one in names.items())
    assert min(best[motif.name].similarity for motif in motifs) > 0.8
    assert min(one.sites for one in found) >= 20


def test_without_the_package_the_next_step_is_told(explained, monkeypatch):
    monkeypatch.setitem(sys.modules, "modiscolite.tfmodisco", None)
    with pytest.raises(InputError, match=r"pip install 'seqmill\[modisco\]', or leave the option out"):
        discover_by_modisco(explained)

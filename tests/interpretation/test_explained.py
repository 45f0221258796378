"""All of an explanation on planted windows: instances, insertions, matches."""

import numpy as np
import pytest

from seqmill.applications.sequence import SequenceModel
from seqmill.interpretation.explained import METHODS, attribute, explain_windows
from seqmill.interpretation.regions import Windows


def placed(codes: np.ndarray, starts: np.ndarray, *, backward: bool = False) -> Windows:
    n = len(codes)
    return Windows(contigs=["a"] * n, starts=starts, backward=np.full(n, backward), codes=codes, counts={})


@pytest.fixture(scope="module")
def whole(network, study):
    model = SequenceModel(function=network, length=study.codes.shape[1], outputs=("open",))
    windows = placed(study.codes, np.arange(len(study.codes)) * study.codes.shape[1])
    return explain_windows(model, windows, database=list(study.motifs.values()))


def test_instances_lie_where_motifs_were_planted(whole, study):
    length = study.codes.shape[1]
    names = {one.motif.name: whole.best(one.motif.name).target for one in whole.found}
    planted = {(row * length + start, name) for row, start, name in study.sites}
    near = [
        any((one.start + shift, names[one.motif]) in planted for shift in range(-3, 4))
        for one in whole.instances
    ]
    reached = {
        site
        for site in planted
        for one in whole.instances
        if names[one.motif] == site[1] and abs(one.start - site[0]) <= 3
    }
    assert np.mean(near) > 0.85
    assert len(reached) / len(planted) > 0.75


def test_every_motif_is_tried_on_its_own_and_beats_its_shuffles(whole):
    assert [one.name for one in whole.insertions] == [one.motif.name for one in whole.found]
    assert all(one.beaten == len(one.shuffled) == 20 for one in whole.insertions)
    assert [np.sign(one.effect) for one in whole.insertions] == [np.sign(one.mean) for one in whole.found]


def test_a_motif_in_two_overlapping_windows_is_one_instance(network, study):
    model = SequenceModel(function=network, length=study.codes.shape[1], outputs=("open",))
    n = len(study.codes)
    twice = placed(np.concatenate([study.codes, study.codes]), np.tile(np.arange(n) * 1000, 2))
    found = explain_windows(model, twice).instances
    assert len({(one.start, one.motif, one.strand) for one in found}) == len(found) > 100


def test_instances_in_windows_read_backward_lie_on_the_other_strand(network, study):
    """The same windows, once as the genome runs and once as if the genome ran the other way."""
    length = study.codes.shape[1]
    model = SequenceModel(function=network, length=length, outputs=("level",), both_strands=False)
    starts = np.arange(80) * 1000
    found = [
        explain_windows(model, placed(study.codes[:80], starts, backward=backward)).instances
        for backward in (False, True)
    ]
    ahead, behind = ({(one.motif, one.start, one.end, one.strand) for one in side} for side in found)
    turned = {
        (motif, first + length - (end - first), first + length - (start - first), "+-"["-+".index(strand)])
        for motif, start, end, strand in behind
        for first in [start // 1000 * 1000]
    }
    assert turned == ahead and {strand for *_, strand in ahead} == {"+"}


def test_methods_agree_on_what_contributes(network, study):
    said = [
        attribute(
            network, study.codes[:12], method=name, output=0, generator=np.random.default_rng(1)
        ).of_bases
        for name in METHODS
    ]
    for other in said[1:]:
        assert np.corrcoef(said[0].ravel(), other.ravel())[0, 1] > 0.8

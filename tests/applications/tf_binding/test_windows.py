"""Windows with and without peaks on a planted genome."""

import numpy as np
import pandas as pd
import pytest

from seqmill.applications.tf_binding.peaks import read_peaks
from seqmill.applications.tf_binding.spec import Options
from seqmill.applications.tf_binding.windows import around_summits, codes_at, keys_of, matched, shuffles
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.reference import Reference
from tests.applications.tf_binding.conftest import SMALL

OPTIONS = Options(**SMALL)


@pytest.fixture
def reference(world):
    with Reference(world.reference) as opened:
        yield opened


@pytest.fixture
def peaks(world, reference):
    table = read_peaks(world.peaks, reference.contigs, OPTIONS)
    return table[table["contig"] == "c2"]


def test_windows_lie_around_summits_and_each_that_is_left_out_is_counted(reference):
    summits = [500, 500, 20, 19_990, 1500]
    peaks = pd.DataFrame({"contig": "c2", "summit": summits, "place": "p", "moved": [1, 1, 2, 3, 4]})
    windows, removed = around_summits(peaks, reference, OPTIONS, Regions([Interval("c2", 1529, 1530)]))
    assert windows[["start", "end", "moved"]].to_numpy().tolist() == [[470, 530, 1]]
    assert {name: n for name, n in removed.items() if n} == {"same_window": 1, "past_end": 2, "masked": 1}


def test_an_odd_window_has_its_additional_base_behind_the_summit(reference):
    peaks = pd.DataFrame({"contig": "c2", "summit": [500], "place": "c2", "moved": 0})
    windows, _ = around_summits(peaks, reference, Options(factors=("A",), window=61), Regions(()))
    assert windows[["start", "end"]].to_numpy().tolist() == [[470, 531]]


def test_a_shuffle_keeps_pairs_of_bases_and_hangs_on_its_key_alone(reference):
    starts = [100, 900, 1700]
    codes = codes_at(reference, "c2", starts, OPTIONS)
    keys = keys_of(1, "ada", "c2", starts, 0)
    found = shuffles(codes, keys)
    pairs = [np.sort(4 * rows[:, :-1] + rows[:, 1:], axis=1) for rows in (codes, found)]
    np.testing.assert_array_equal(*pairs)
    assert (found != codes).any(axis=1).all()
    np.testing.assert_array_equal(shuffles(codes[1:2], keys[1:2]), found[1:2])
    assert (shuffles(codes, keys_of(1, "ada", "c2", starts, 1)) != found).any()


def test_matched_windows_touch_no_peak_and_no_mask_and_have_the_gc_of_peaks(reference, peaks):
    windows, _ = around_summits(peaks, reference, OPTIONS, Regions(()))
    mask = Regions([Interval("c2", 0, 4000)])
    starts, missing = matched(windows, peaks, reference, OPTIONS, mask=mask, seed=1)
    assert len(starts) + missing == len(windows)
    assert len(starts) > 0.6 * len(windows)
    assert min(starts) >= 4000
    for start in starts:
        assert not ((peaks["start"] < start + OPTIONS.window) & (peaks["end"] > start)).any()

    def share(at):
        codes = codes_at(reference, "c2", at, OPTIONS)
        return ((codes == 1) | (codes == 2)).mean()

    assert share(starts) == pytest.approx(share(windows["start"].tolist()), abs=0.03)
    assert matched(windows, peaks, reference, OPTIONS, mask=mask, seed=2)[0] != starts


def test_none_are_matched_unless_asked_for(reference, peaks):
    windows, _ = around_summits(peaks, reference, OPTIONS, Regions(()))
    none = Options(**SMALL, gc_matched=0)
    assert matched(windows, peaks, reference, none, mask=Regions(()), seed=1) == ([], 0)
    assert matched(windows[:0], peaks, reference, OPTIONS, mask=Regions(()), seed=1) == ([], 0)

"""Regions are cut from their beginnings; each span belongs to one job, and what is left is counted once."""

import numpy as np
import pytest

from seqmill.applications.masked_bases.spec import Options
from seqmill.applications.masked_bases.tiles import enough_known, tiles_in
from seqmill.genome.intervals import Interval, Regions

OPTIONS = Options(span=100, flank=10)
REGIONS = Regions([Interval("c1", 30, 380), Interval("c1", 500, 560), Interval("c1", 700, 900)])


def test_spans_of_regions_by_hand():
    tiles = tiles_in(REGIONS, Interval("c1", 0, 1000), OPTIONS)
    assert tiles.starts.tolist() == [30, 130, 230, 700, 800]
    assert tiles.rest == 50 + 60


@pytest.mark.parametrize("size", [1, 70, 333, 1000])
def test_jobs_share_spans_out(size):
    parts = [tiles_in(REGIONS, Interval("c1", at, at + size), OPTIONS) for at in range(0, 1000, size)]
    assert np.concatenate([part.starts for part in parts]).tolist() == [30, 130, 230, 700, 800]
    assert sum(part.rest for part in parts) == 110


def test_a_contig_without_regions_has_none():
    tiles = tiles_in(REGIONS, Interval("c2", 0, 1000), OPTIONS)
    assert tiles.starts.tolist() == [] and tiles.rest == 0


def test_the_span_has_to_be_half_known_and_the_flanks_need_not():
    codes = np.full((3, 120), 4, np.uint8)
    codes[0, 10:60], codes[1, 10:59], codes[2, :60] = 1, 1, 2
    assert enough_known(codes, OPTIONS).tolist() == [True, False, True]

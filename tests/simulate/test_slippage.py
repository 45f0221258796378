import numpy as np
import pytest

from seqmill.simulate.noise import RepeatSlippage
from seqmill.simulate.slippage import slip_sites

MONO = RepeatSlippage(unit=1, shape="power", scale=0.1, base=2.0, centre=5.0, contraction=0.5)
PAIR = RepeatSlippage(unit=2, shape="power", scale=0.2, base=1.0, centre=4.0, contraction=0.8, two_units=0.1)


def test_sites_of_all_units_in_order_of_start(encode):
    sites = slip_sites(encode("G" + "ACACACAC" + "G" + "TTTTT" + "G" + "CCCCCC"), (MONO, PAIR))
    assert sites.starts.tolist() == [1, 10, 16]
    assert sites.ends.tolist() == [9, 15, 22]
    assert sites.units.tolist() == [2, 1, 1]
    assert 1 - np.exp(-np.diff(sites.hazard)) == pytest.approx([0.2, 0.1, 0.2])
    assert sites.contraction.tolist() == [0.8, 0.5, 0.5]
    assert sites.two_units.tolist() == [0.1, 0.0, 0.0]


def test_nothing_slips_without_slippage(encode):
    sites = slip_sites(encode("AAAAAAAAA"), ())
    assert len(sites.starts) == 0
    assert sites.hazard.tolist() == [0.0]

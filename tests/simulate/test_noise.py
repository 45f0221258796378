import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.simulate.noise import ERROR_MODELS, RepeatSlippage, error_model
from seqmill.simulate.repeats import find_repeats


def test_stutter_grows_by_1_4_with_each_base_from_0_003_at_6():
    (slip,) = error_model("stutter").slippage
    assert slip.probability([3, 5, 6, 7, 10]) == pytest.approx(
        [0.0, 0.003 / 1.4, 0.003, 0.0042, 0.003 * 1.4**4]
    )
    assert slip.probability([40]) == 0.5


def test_logistic_slippage_levels_off():
    slip = RepeatSlippage(unit=1, shape="logistic", scale=0.2, centre=10, width=2)
    assert slip.probability([3, 10, 100]) == pytest.approx([0.0, 0.1, 0.2])


def test_stutter_is_clean_with_4_phred_less():
    difference = error_model("clean").mean_quality(150) - error_model("stutter").mean_quality(150)
    assert difference == pytest.approx(4.0, abs=1e-4)


def test_quality_falls_along_both_mates_and_mate_2_is_worse():
    for model in ERROR_MODELS.values():
        mean = model.mean_quality(150)
        assert mean.shape == (2, 150)
        assert (np.diff(mean, axis=1) <= 0).all()
        assert (mean[1] < mean[0]).all()


def test_binned_shows_four_qualities():
    assert set(error_model("binned").shown_quality().tolist()) == {2, 12, 23, 37}
    assert error_model("binned").shown_quality()[[3, 10, 20, 35]].tolist() == [2, 12, 23, 37]
    assert (error_model("clean").shown_quality() == np.arange(42)).all()


def test_polymerase_slips_about_as_often_as_stutter_in_other_ways(genome):
    def expected(name, unit):
        return sum(
            slip.probability(find_repeats(genome["c1"], unit=slip.unit, copies=slip.fewest).copies).sum()
            for slip in error_model(name).slippage
            if slip.unit == unit
        )

    assert 0.5 < expected("polymerase", 1) / expected("stutter", 1) < 2.0
    assert expected("stutter", 2) == 0 < expected("polymerase", 2)
    assert error_model("stutter").slippage[0].contraction == 0.5
    assert error_model("polymerase").slippage[0].contraction == 0.8


def test_a_misspelt_model_names_the_nearest():
    with pytest.raises(InputError, match=r"'stuter' is unknown.*did you mean 'stutter'"):
        error_model("stuter")

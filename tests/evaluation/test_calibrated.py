"""The file that travels beside a checkpoint."""

import numpy as np
import pytest

from seqmill.applications.scoring import OperatingPoint, OperatingPoints
from seqmill.errors import InputError
from seqmill.evaluation.calibrated import CALIBRATION, Calibration, log_probabilities

POINTS = (
    OperatingPoint(kind="snp", coverage=9.5, quality=3.1),
    OperatingPoint(kind="indel", coverage=30.0, quality=2.75),
)


def calibration():
    return Calibration(
        temperature=1.3, points=OperatingPoints(POINTS), dataset="d" * 64, encoding="e" * 64, seed=4
    )


def test_round_trip_beside_the_checkpoint(tmp_path):
    calibration().write(tmp_path / CALIBRATION)
    found = Calibration.beside(tmp_path / "checkpoint.ckpt", encoding="e" * 64)
    assert (found.temperature, found.dataset, found.seed) == (1.3, "d" * 64, 4)
    assert found.points.points == POINTS


def test_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="seqmill evaluate --run"):
        Calibration.beside(tmp_path / "checkpoint.ckpt", encoding="e" * 64)


def test_another_encoding_is_refused(tmp_path):
    calibration().write(tmp_path / CALIBRATION)
    with pytest.raises(InputError, match=r"f{64} wanted"):
        Calibration.beside(tmp_path / "checkpoint.ckpt", encoding="f" * 64)


def test_log_probabilities_divide_by_the_temperature_and_do_not_saturate():
    found = log_probabilities(np.array([[0.0, np.log(3.0)], [0.0, 2000.0]]), 0.5)
    assert np.exp(found[0]) == pytest.approx([0.1, 0.9])
    assert found[1].tolist() == [-4000.0, 0.0]

"""Logos: heights and places of their letters."""

import re

import numpy as np
import pytest

from seqmill.genome.motif import Motif
from seqmill.interpretation.logo import contribution_logo, information_logo


def letters(svg: str) -> list[tuple[str, float, float]]:
    """Give base, top and height of each letter."""
    found = re.findall(r'class="base-(\w)".*?translate\(\S+ (\S+)\) scale\(\S+ (\S+)\)', svg)
    return [(base, float(top), 100 * float(scale)) for base, top, scale in found]


def test_letters_are_as_high_as_frequency_times_information_and_the_most_frequent_stands_above():
    motif = Motif(name="m", probabilities=np.array([[1, 0, 0, 0], [0, 0.75, 0.25, 0], [0.25] * 4]))
    (a, a_top, a_size), (g, g_top, g_size), (c, c_top, c_size) = letters(information_logo(motif))
    bits = 2 - (0.75 * np.log2(4 / 3) + 0.25 * 2)
    assert (a, g, c) == ("A", "G", "C")
    assert (a_top, a_size) == (0, pytest.approx(84))
    assert (c_size, g_size) == (
        pytest.approx(0.75 * bits * 42, abs=0.01),
        pytest.approx(0.25 * bits * 42, abs=0.01),
    )
    assert c_top + c_size == pytest.approx(g_top, abs=0.02) and g_top + g_size == pytest.approx(84, abs=0.02)


def test_what_lowers_stands_below_the_line():
    svg = contribution_logo(np.array([[3.0, 0, 0, -1.0]]), about="A")
    assert letters(svg) == [("T", 63.0, 21.0), ("A", 0.0, 63.0)]
    assert 'd="M0 63.0H26"' in svg and 'aria-label="contributions of A"' in svg


def test_nothing_to_draw_is_an_empty_logo():
    assert letters(contribution_logo(np.zeros((3, 4)), about="x")) == []

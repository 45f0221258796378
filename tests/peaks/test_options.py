"""Options of peak calling: defaults, bounds, and what does not go together."""

import pytest

from seqmill.peaks.options import PeakOptions
from seqmill.typed import build


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"caller": "macs"}, "peaks.caller: found 'macs' (did you mean 'macs3'?), want one of macs3, macs2"),
        ({"format": "BED"}, "peaks.format: found 'BED'"),
        ({"q_value": 0}, "peaks.q_value: found 0.0, want more than 0"),
        ({"qvalue": 0.1}, "peaks.qvalue: unknown key (did you mean 'q_value'?)"),
        ({"genome_size": "hs"}, "peaks.genome_size: found 'hs', want a whole number"),
        ({"mapping_quality": -1}, "peaks.mapping_quality: found -1, want at least 0"),
        (
            {"format": "BAMPE", "fragment_length": 200},
            "peaks.fragment_length: found 200 with format BAMPE, whose pairs tell it",
        ),
    ],
)
def test_what_does_not_fit_is_told(given, said):
    problems = []
    assert build(PeakOptions, given, path="peaks", problems=problems) is None
    (problem,) = problems
    assert problem.startswith(said)


def test_a_length_of_fragments_may_stand_where_the_format_is_left_open():
    assert PeakOptions(fragment_length=200).format == "auto"

"""What an encoding tells of tracks, and what is refused."""

import pytest

from seqmill.applications.accessibility.spec import APPLICATION, Options, encoding, options_from
from seqmill.errors import InputError

TRACKS = ("leaf", "root-tip")


def test_without_tracks_an_encoding_knows_of_none():
    told = encoding(Options()).to_dict()
    assert "tracks" not in told["options"]
    assert [column["name"] for column in told["columns"]] == ["coverage", "sequence", "ends"]
    assert options_from(told["options"]) == Options()
    assert APPLICATION.endings(Options()) == (".bw",)


def test_tracks_are_part_of_the_encoding():
    told = encoding(Options(tracks=TRACKS))
    assert told.options["tracks"] == list(TRACKS)
    assert told.columns[0].name == "track" and told.columns[0].label
    assert options_from(told.options) == Options(tracks=TRACKS)
    digests = {encoding(Options(tracks=tracks)).digest for tracks in ((), TRACKS, TRACKS[::-1], TRACKS[:1])}
    assert len(digests) == 4
    assert APPLICATION.endings(Options(tracks=TRACKS)) == (".leaf.bw", ".root-tip.bw")


@pytest.mark.parametrize(
    ("tracks", "said"),
    [
        (("leaf", "leaf"), "options.tracks: found 'leaf', want each name once"),
        (("leaf.1",), "options.tracks: found 'leaf.1', want each name once, of letters"),
        (tuple(f"t{n}" for n in range(128)), "options.tracks: found 128, want at most 127"),
    ],
)
def test_tracks_that_cannot_be_are_refused(tracks, said):
    with pytest.raises(InputError, match=said):
        Options(tracks=tracks)

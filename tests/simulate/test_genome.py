import numpy as np

from seqmill.simulate.genome import random_genome
from seqmill.simulate.repeats import find_repeats
from seqmill.simulate.streams import stream


def test_the_same_stream_gives_the_same_genome():
    assert (random_genome(20_000, stream(1, "g")) == random_genome(20_000, stream(1, "g"))).all()
    assert (random_genome(20_000, stream(1, "g")) != random_genome(20_000, stream(2, "g"))).any()


def test_a_genome_holds_bases_only(genome):
    assert genome["c1"].dtype == np.uint8
    assert len(genome["c1"]) == 300_000
    assert set(np.unique(genome["c1"])) == {0, 1, 2, 3}


def test_gc_content_comes_in_waves_between_a_third_and_a_half(genome):
    windows = np.isin(genome["c1"], (1, 2)).reshape(-1, 5_000).mean(axis=1)
    assert 0.36 < windows.mean() < 0.46
    assert windows.std() > 3 * np.sqrt(0.4 * 0.6 / 5_000)
    assert 0.25 < windows.min() and windows.max() < 0.62


def test_repeats_are_as_frequent_as_said(genome):
    runs = find_repeats(genome["c1"], unit=1, copies=10)
    assert 150 < len(runs.starts) < 400
    assert runs.lengths.max() >= 18
    assert np.isin(genome["c1"][runs.starts], (0, 3)).mean() > 0.8
    assert len(find_repeats(genome["c1"], unit=2, copies=5).starts) > 60


def test_copies_of_earlier_stretches_are_there(genome):
    text = genome["c1"].tobytes()
    seen = {}
    for start in range(0, len(text) - 40):
        seen.setdefault(text[start : start + 40], []).append(start)
    shared = sum(len(places) for places in seen.values() if len(places) > 1)
    assert 0.005 < shared / len(text) < 0.2


def test_a_short_contig_has_no_copies():
    assert len(random_genome(300, stream(1, "short"))) == 300

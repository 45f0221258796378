from dataclasses import replace

import numpy as np
import pytest

from seqmill.simulate.fragments import Fragments, draw_fragments
from seqmill.simulate.noise import ErrorModel, RepeatSlippage, error_model
from seqmill.simulate.sequencing import Sequencer
from seqmill.simulate.streams import stream

PERFECT = ErrorModel(
    first=(200.0, 200.0), last=(200.0, 200.0), dip_rate=0.0, insertion_rate=0.0, deletion_rate=0.0
)
LENGTH = 100


def fragments_of(haplotypes, depth, duplicate_rate=0.0):
    return draw_fragments(
        haplotypes,
        stream(5, "sequencing"),
        depth=depth,
        read_length=LENGTH,
        insert_mean=300.0,
        insert_sd=20.0,
        duplicate_rate=duplicate_rate,
    )


def sequence(haplotypes, model, fragments, key=11):
    return Sequencer(haplotypes, model, key=key, read_length=LENGTH).read(fragments, 0, len(fragments))


def templates(haplotypes, fragments):
    """What the reads were without any error, uint8 [n, 2, LENGTH]."""
    rows = []
    for haplotype, start, length, reverse in zip(
        fragments.haplotype, fragments.start, fragments.length, fragments.reverse, strict=True
    ):
        forward = haplotypes[haplotype][start : start + length]
        backward = 3 - forward[::-1]
        first, second = (backward, forward) if reverse else (forward, backward)
        rows.append((first[:LENGTH], second[:LENGTH]))
    return np.array(rows)


@pytest.fixture(scope="module")
def plain():
    """Two haplotypes without repeats of three or more bases."""
    rng = stream(2, "plain")
    codes = np.cumsum(rng.integers(1, 4, 200_000)) % 4
    return codes.astype(np.uint8), np.roll(codes, 1000).astype(np.uint8)


def at_highest_quality(model):
    return replace(model, first=(200.0, 200.0), last=(200.0, 200.0), dip_rate=0.0, base_sd=0.0, read_sd=0.0)


def test_reads_without_errors_are_the_ends_of_their_fragments(plain):
    fragments = fragments_of(plain, 5)
    bases, qualities = sequence(plain, PERFECT, fragments)
    differing = (bases != templates(plain, fragments)).mean()
    assert differing < 3e-4
    assert (qualities == 41).all()


@pytest.mark.parametrize("name", ["clean", "binned", "stutter", "polymerase"])
def test_substitutions_happen_as_often_as_the_true_quality_says(plain, name):
    model = replace(
        error_model(name), insertion_rate=0.0, deletion_rate=0.0, slippage=(), bins=(), copying_rate=0.0
    )
    fragments = fragments_of(plain, 40)
    bases, qualities = sequence(plain, model, fragments)
    wrong = bases != templates(plain, fragments)
    expected = 10.0 ** (-qualities.astype(float) / 10)
    assert wrong.sum() == pytest.approx(expected.sum(), rel=0.03)
    for low, high in ((2, 15), (15, 25), (25, 32), (32, 42)):
        group = (qualities >= low) & (qualities < high)
        if expected[group].sum() > 300:
            assert wrong[group].sum() == pytest.approx(expected[group].sum(), rel=0.15)
    ends = wrong.reshape(len(wrong) * 2, LENGTH).mean(axis=0)
    assert ends[-20:].mean() > 1.3 * ends[:20].mean()


def test_every_wrong_base_is_as_likely(plain):
    fragments = fragments_of(plain, 60)
    bases, _ = sequence(plain, error_model("stutter"), fragments)
    truth = templates(plain, fragments)
    shift = (bases.astype(int) - truth)[bases != truth] % 4
    counts = np.bincount(shift, minlength=4)[1:]
    assert counts / counts.sum() == pytest.approx([1 / 3] * 3, abs=0.03)


def test_sequencing_indels_are_rare_and_as_frequent_as_given(plain):
    model = replace(at_highest_quality(error_model("clean")), insertion_rate=1e-3, deletion_rate=2e-3)
    fragments = fragments_of(plain, 20)
    bases, _ = sequence(plain, model, fragments)
    shifted = (bases[:, 0, -20:] != templates(plain, fragments)[:, 0, -20:]).mean(axis=1) > 0.3
    assert shifted.mean() == pytest.approx(1 - np.exp(-3e-3 * 80), rel=0.12)


def test_copying_errors_have_good_qualities_and_are_shared_by_duplicates(plain):
    model = replace(at_highest_quality(error_model("polymerase")), insertion_rate=0.0, deletion_rate=0.0)
    model = replace(model, copying_rate=2e-3)
    fragments = fragments_of(plain, 30, duplicate_rate=0.3)
    bases, qualities = sequence(plain, model, fragments)
    truth = templates(plain, fragments)
    wrong = bases != truth
    assert (qualities == 41).all()
    assert wrong.mean() == pytest.approx(2e-3, rel=0.1)
    transitions = (bases[wrong] == (truth[wrong] ^ 2)).mean()
    assert transitions == pytest.approx(0.8, abs=0.05)
    order = np.argsort(fragments.molecule, kind="stable")
    twin = np.flatnonzero(np.diff(fragments.molecule[order]) == 0)
    assert (bases[order[twin]] == bases[order[twin + 1]]).mean() > 1 - 4 * 10 ** (-4.1)


def runs_in_reads(bases, unit_base):
    """Length of the longest run of `unit_base` in each read of mate 1."""
    lengths = np.zeros(len(bases), int)
    run = np.zeros(len(bases), int)
    for column in (bases == unit_base).T:
        run = np.where(column, run + 1, 0)
        lengths = np.maximum(lengths, run)
    return lengths


def around(repeat, copies):
    """One molecule with a repeat amid unlike sequence, and `copies` fragments that span it."""
    rng = stream(4, "flank")
    flank = (np.cumsum(rng.integers(1, 3, 60)) % 3).astype(np.uint8)
    codes = np.concatenate([flank[:30], repeat, np.tile(flank, 5)[:200]]).astype(np.uint8)
    many = Fragments(
        haplotype=np.zeros(copies, np.uint8),
        start=np.zeros(copies, np.int32),
        length=np.full(copies, len(codes), np.int32),
        reverse=np.zeros(copies, bool),
        molecule=np.arange(copies, dtype=np.int32),
    )
    return (codes, codes), many


@pytest.mark.parametrize(("name", "copies"), [("stutter", 8), ("stutter", 14), ("polymerase", 14)])
def test_homopolymers_slip_as_the_model_says(name, copies):
    model = replace(
        at_highest_quality(error_model(name)), insertion_rate=0.0, deletion_rate=0.0, copying_rate=0.0
    )
    haplotypes, many = around(np.full(copies, 3), 40_000)
    bases, _ = sequence(haplotypes, model, many)
    change = runs_in_reads(bases[:, 0], 3) - copies
    (slip,) = [slip for slip in model.slippage if slip.unit == 1]
    expected = float(slip.probability([copies])[0])
    slipped = change[change != 0]
    assert len(slipped) / len(change) == pytest.approx(expected, abs=4 * np.sqrt(expected / 40_000) + 3e-4)
    assert (slipped < 0).mean() == pytest.approx(slip.contraction, abs=0.08)
    assert (np.abs(slipped) <= (2 if slip.two_units else 1)).mean() > 0.9


def test_dinucleotides_slip_by_whole_units():
    pair = RepeatSlippage(unit=2, shape="power", scale=0.2, base=1.0, centre=6.0, contraction=0.75)
    model = replace(PERFECT, base_sd=0.0, read_sd=0.0, slippage=(pair,))
    haplotypes, many = around(np.tile([3, 0], 6), 20_000)
    bases, _ = sequence(haplotypes, model, many)
    ends = (bases[:, 0] == 3).sum(axis=1)
    change = ends - np.bincount(ends).argmax()
    assert (change != 0).mean() == pytest.approx(0.2, abs=0.02)


def test_reads_do_not_depend_on_how_they_are_blocked(plain):
    fragments = fragments_of(plain, 2)
    sequencer = Sequencer(plain, error_model("polymerase"), key=3, read_length=LENGTH)
    whole = sequencer.read(fragments, 0, len(fragments))
    parts = [
        sequencer.read(fragments, a, min(a + 700, len(fragments))) for a in range(0, len(fragments), 700)
    ]
    for together, pieces in zip(whole, zip(*parts, strict=True), strict=True):
        assert (together == np.concatenate(pieces)).all()
    other, _ = sequence(plain, error_model("polymerase"), fragments, key=4)
    assert (other != whole[0]).any()


def test_polymerase_and_stutter_have_similar_error_rates(plain):
    rates = {}
    fragments = fragments_of(plain, 20)
    truth = templates(plain, fragments)
    for name in ("clean", "stutter", "polymerase"):
        model = replace(error_model(name), insertion_rate=0.0, deletion_rate=0.0)
        rates[name] = (sequence(plain, model, fragments)[0] != truth).mean()
    assert 0.0005 < rates["clean"] < 0.0025
    assert rates["stutter"] > 2 * rates["clean"]
    assert rates["polymerase"] == pytest.approx(rates["stutter"], rel=0.25)

"""Ratios told by the short way against the dynamic programme, step by step of the encoding."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seqmill.applications.small_variants.layout import LLR_LARGEST, LLR_STEPS
from seqmill.applications.small_variants.ratio import (
    Haplotype,
    excess,
    log_ratio,
    new_haplotype,
    new_room,
    prepare,
)
from seqmill.applications.small_variants.realign import MATCH, MISMATCH, alignment_cost

BASES = st.sampled_from([0, 0, 0, 0, 1, 1, 2, 3])


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[int], list[int], list[int], list[int], int, int]:
    """A haplotype, the same with an indel, a read of either, and how it lies."""
    plain = draw(st.lists(BASES, min_size=50, max_size=90))
    at = draw(st.integers(20, 30))
    length = draw(st.integers(1, 4))
    if draw(st.booleans()):
        changed = plain[:at] + draw(st.lists(BASES, min_size=length, max_size=length)) + plain[at:]
    else:
        changed = plain[:at] + plain[at + length :]
    source = draw(st.sampled_from([plain, changed]))
    begin = draw(st.integers(0, 28))
    read = source[begin : begin + draw(st.integers(3, 45))]
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2, 4]))):
        read[draw(st.integers(0, len(read) - 1))] = draw(st.integers(0, 4))
    shift = draw(st.sampled_from([0, 0, 0, length, -length, 2]))
    quality = draw(st.sampled_from([[37], [37, 37, 37, 23, 12], [2, 30], [0, 1, 2, 93]]))
    qualities = draw(st.lists(st.sampled_from(quality), min_size=len(read), max_size=len(read)))
    return plain, changed, read, qualities, begin + shift, length + 6


def haplotype(bases: list[int]) -> tuple[Haplotype, int, float]:
    made = new_haplotype()
    made.bases[: len(bases)] = bases
    return made, len(bases), prepare(made, len(bases))


@settings(max_examples=600, deadline=None)
@given(cases())
def test_the_short_way_leads_to_the_same_steps(
    case: tuple[list[int], list[int], list[int], list[int], int, int],
) -> None:
    plain, changed, read, quality, offset, band = case
    bases, qualities, n = np.array(read, np.uint8), np.array(quality, np.uint8), len(read)
    room, costs = new_room(), []
    for text in (plain, changed):
        made, size, cheapest = haplotype(text)
        cost = alignment_cost(bases, qualities, n, made.bases, size, made.costs, offset, band, room.work)
        room.extra[:n] = np.where(bases < 4, (MISMATCH - MATCH)[qualities], 0)
        above = excess(bases, n, made, size, cheapest, offset, band, room)
        costs.append(cost)
        if above >= 0:
            assert abs(above + MATCH[qualities].sum() - cost) < 1e-3
    found = log_ratio(bases, qualities, n, *haplotype(plain), *haplotype(changed), offset, band, room)
    wanted = np.float32(costs[0]) - np.float32(costs[1])
    assert steps(found) == steps(wanted)


def steps(ratio: float) -> int:
    return int(np.clip(np.float32(ratio) * LLR_STEPS, -LLR_LARGEST, LLR_LARGEST))


def test_most_reads_take_the_short_way() -> None:
    generator = np.random.default_rng(4)
    plain = generator.integers(0, 4, 80).tolist()
    changed = plain[:30] + plain[32:]
    room, told = new_room(), []
    room.extra[:40] = MISMATCH[37] - MATCH[37]
    for source in (plain, changed):
        for begin in range(20):
            bases = np.array(source[begin : begin + 40], np.uint8)
            bases[5] = (bases[5] + begin % 2) % 4  # every other read has an error
            told += [
                excess(bases, 40, *haplotype(target), begin, 8, room) >= 0 for target in (plain, changed)
            ]
    assert np.mean(told) > 0.7

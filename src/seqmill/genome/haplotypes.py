"""The search behind haplotype replay: which alleles of two sets spell the same haplotypes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from seqmill.genome.primitives import Edit
from seqmill.genome.reference import Reference

_LIMIT = 1024
_LEFT, _RIGHT = 1, 2
_ONE_SIDED = (_LEFT, _RIGHT)


@dataclass(frozen=True, slots=True)
class Choice:
    """An allele that may be laid on the haplotypes of one side.

    Attributes
    ----------
    edit : Edit
        What it does to the reference.
    left : bool
        Whether it belongs to the left set (truth) or the right one (calls).
    copies : tuple of int
        How many haplotypes may carry it when it is taken, such as ``(1,)``, ``(2,)`` or ``(1, 2)``.
    weight : int
        What taking it adds to the score.
    """

    edit: Edit
    left: bool
    copies: tuple[int, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """The best choice found: copies of each allele (0 is left out), and whether the search was complete."""

    copies: list[int]
    complete: bool


class _Pair(NamedTuple):
    """One haplotype as each side spells it, from the last position on which both agree.

    `left_end` and `right_end` are twice the reference position each side has reached, plus one right
    after an insertion. Of `left_more` and `right_more`, the bases one side is ahead, one is empty. `used`
    says which sides took alleles since: a side whose own alleles undo each other has matched nothing.
    """

    left_end: int
    right_end: int
    left_more: str
    right_more: str
    used: int


_Haplotypes = tuple[_Pair, ...]
_Trail = tuple[int, Any] | None


def agree(
    choices: Sequence[Choice], contig: str, reference: Reference, *, ploidy: int = 2, limit: int = _LIMIT
) -> Agreement:
    """Find the alleles of two sets, of greatest weight, with which both sides spell the same haplotypes.

    Alleles are visited from left to right. A state holds, for each haplotype, how far each side has
    come and by which bases one is ahead; states in which the spellings contradict each other are
    dropped, and of equal states the heavier one is kept, so that the work grows with the number of
    alleles whose effects overlap and not with all of them. Phase is free: an allele with one copy may
    lie on any haplotype.

    Parameters
    ----------
    choices : sequence of Choice
        Alleles of both sides, in any order; at least one.
    contig : str
        The contig they lie on.
    reference : Reference
        The reference of their coordinates.
    ploidy : int
        Number of haplotypes.
    limit : int
        Most states kept; beyond it the heaviest are, and the answer is marked as not complete.

    Notes
    -----
    The search over paths follows the idea of Cleary et al., "Comparing variant call files for
    performance benchmarking of next-generation sequencing variant calling pipelines", bioRxiv 023754
    (2015), with states merged by the spelling still open.
    """
    order = sorted(range(len(choices)), key=lambda index: choices[index].edit)
    first = choices[order[0]].edit.start
    last = max(choice.edit.end for choice in choices)
    bases = reference.fetch(contig, first, last)
    open_pair = _Pair(2 * first, 2 * first, "", "", 0)
    states: dict[_Haplotypes, tuple[int, _Trail]] = {(open_pair,) * ploidy: (0, None)}
    complete = True
    for index in order:
        choice = choices[index]
        states = _advance(states, bases, first, choice.edit.start)
        states = _branch(states, choice)
        if len(states) > limit:
            complete = False
            states = dict(sorted(states.items(), key=lambda entry: -entry[1][0])[:limit])
    closed = _advance(states, bases, first, last)
    level = [found for state, found in closed.items() if all(map(_is_level, state))]
    copies = [0] * len(choices)
    if level:
        trail = max(level, key=lambda found: found[0])[1]
        for index in reversed(order):
            copies[index], trail = trail  # type: ignore[misc]
    return Agreement(copies, complete)


def _advance(
    states: dict[_Haplotypes, tuple[int, _Trail]], bases: str, first: int, position: int
) -> dict[_Haplotypes, tuple[int, _Trail]]:
    """Spell the reference up to `position` on both sides, and drop what contradicts itself."""
    reached: dict[_Haplotypes, tuple[int, _Trail]] = {}
    for state, found in states.items():
        pairs = []
        for pair in state:
            spelt = _spelt(pair, bases, first, position)
            if spelt is None:
                break
            pairs.append(spelt)
        else:
            _keep(reached, pairs, found)
    return reached


def _spelt(pair: _Pair, bases: str, first: int, position: int) -> _Pair | None:
    left_end, right_end, left_more, right_more, used = pair
    if left_end < 2 * position:
        left_more += bases[left_end // 2 - first : position - first]
        left_end = 2 * position
    if right_end < 2 * position:
        right_more += bases[right_end // 2 - first : position - first]
        right_end = 2 * position
    shared = min(len(left_more), len(right_more))
    if left_more[:shared] != right_more[:shared]:
        return None
    left_more, right_more = left_more[shared:], right_more[shared:]
    if left_end == right_end and not left_more and not right_more:
        if used in _ONE_SIDED:
            return None
        used = 0
    return _Pair(left_end, right_end, left_more, right_more, used)


def _is_level(pair: _Pair) -> bool:
    """Say whether both sides, spelt to the same position, agree by alleles of both."""
    return not pair.left_more and not pair.right_more and pair.used not in _ONE_SIDED


def _branch(
    states: dict[_Haplotypes, tuple[int, _Trail]], choice: Choice
) -> dict[_Haplotypes, tuple[int, _Trail]]:
    """Leave an allele out, or lay it on as many haplotypes as it may have copies."""
    reached: dict[_Haplotypes, tuple[int, _Trail]] = {}
    for state, (weight, trail) in states.items():
        _keep(reached, state, (weight, (0, trail)))
        laid = [_laid(pair, choice) for pair in state]
        for copies in choice.copies:
            for pairs in _placements(state, laid, copies):
                _keep(reached, pairs, (weight + choice.weight, (copies, trail)))
    return reached


def _placements(state: _Haplotypes, laid: list[_Pair | None], copies: int) -> list[list[_Pair]]:
    """Give each way of laying an allele on `copies` of the haplotypes."""
    if copies >= len(state):
        return [laid] if None not in laid else []  # type: ignore[list-item]
    return [
        [new if place == chosen else old for place, old in enumerate(state)]
        for chosen, new in enumerate(laid)
        if new is not None
    ]


def _laid(pair: _Pair, choice: Choice) -> _Pair | None:
    start, end, bases = choice.edit
    reached = pair.left_end if choice.left else pair.right_end
    is_substitution = end - start == len(bases)
    if reached > 2 * start + is_substitution:
        return None
    reached = 2 * end if end > start else 2 * end + 1
    if choice.left:
        return pair._replace(left_end=reached, left_more=pair.left_more + bases, used=pair.used | _LEFT)
    return pair._replace(right_end=reached, right_more=pair.right_more + bases, used=pair.used | _RIGHT)


def _keep(
    states: dict[_Haplotypes, tuple[int, _Trail]],
    pairs: Sequence[_Pair],
    found: tuple[int, _Trail],
) -> None:
    state = tuple(sorted(pairs))
    held = states.get(state)
    if held is None or found[0] > held[0]:
        states[state] = found

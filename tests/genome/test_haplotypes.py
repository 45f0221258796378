"""The search against trying everything."""

from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqmill.genome.haplotypes import Choice, agree
from seqmill.genome.primitives import Edit


def spell(sequence, edits):
    text, position, inserted = "", 0, -1
    for start, end, bases in sorted(edits):
        if start < position or (start == inserted and end - start != len(bases)):
            return None
        text += sequence[position:start] + bases
        position, inserted = end, end if start == end else -1
    return text + sequence[position:]


def placements(choice, ploidy):
    yield ()
    for copies in choice.copies:
        yield from combinations(range(ploidy), min(copies, ploidy))


def best_by_trying(choices, sequence, ploidy):
    best = 0
    for laid in product(*(list(placements(choice, ploidy)) for choice in choices)):
        agrees = True
        for haplotype in range(ploidy):
            carried = [c for c, on in zip(choices, laid, strict=True) if haplotype in on]
            sides = [spell(sequence, [c.edit for c in carried if c.left is left]) for left in (True, False)]
            agrees = agrees and sides[0] is not None and sides[0] == sides[1]
        if agrees:
            best = max(best, sum(c.weight for c, on in zip(choices, laid, strict=True) if on))
    return best


@st.composite
def problems(draw):
    """Edits that only shorten or only lengthen, so that no set of them spells the reference again."""
    sequence = draw(st.text("AC", min_size=8, max_size=12))
    lengthens = draw(st.booleans())
    choices = []
    for left in (True, False):
        for _ in range(draw(st.integers(1, 3))):
            start = draw(st.integers(1, len(sequence) - 3))
            if draw(st.booleans()):
                change = Edit(start, start + 1, "C" if sequence[start] == "A" else "A")
            elif lengthens:
                change = Edit(start, start, draw(st.text("AC", min_size=1, max_size=2)))
            else:
                change = Edit(start, start + draw(st.integers(1, 2)), "")
            copies = draw(st.sampled_from([(1,), (2,), (1, 2)]))
            choices.append(Choice(change, left, copies, draw(st.sampled_from([1000, 1001]))))
    return sequence, choices


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120, deadline=None)
@given(problems(), st.sampled_from([1, 2]))
def test_finds_the_heaviest_agreement(make_reference, problem, ploidy):
    sequence, choices = problem
    found = agree(choices, "c", make_reference(c=sequence), ploidy=ploidy)
    assert found.complete
    weight = sum(c.weight for c, copies in zip(choices, found.copies, strict=True) if copies)
    assert weight == best_by_trying(choices, sequence, ploidy)


@pytest.mark.parametrize(
    ("edits", "copies"),
    [
        # a deletion and an insertion on one side alone spell the reference: that is no agreement
        ([(True, 1, 2, ""), (True, 3, 3, "A")], [0, 0]),
        ([(True, 1, 2, ""), (False, 3, 4, "")], [1, 1]),
        ([(True, 1, 2, ""), (False, 3, 4, ""), (False, 5, 6, "G")], [1, 1, 0]),
        ([(True, 1, 1, "A"), (True, 1, 1, "AA"), (False, 4, 4, "A"), (False, 2, 2, "AA")], [1, 1, 1, 1]),
        ([(True, 1, 1, "C"), (True, 1, 2, "G"), (False, 1, 2, "CG")], [1, 1, 1]),
    ],
)
def test_by_hand(make_reference, edits, copies):
    choices = [Choice(Edit(*change), left, (1,), 1) for left, *change in edits]
    assert agree(choices, "c", make_reference(c="GAAAATTT")).copies == copies


def test_a_search_cut_short_says_so(make_reference):
    choices = [Choice(Edit(i, i + 1, ""), left, (1,), 1) for i in range(1, 9) for left in (True, False)]
    found = agree(choices, "c", make_reference(c="C" + "A" * 12), limit=3)
    assert not found.complete

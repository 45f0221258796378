"""What every effect has to obey, whatever the model and the variant."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from seqmill.applications.sequence import SequenceModel
from seqmill.genome.bases import codes_of, reverse_complement, sequence_of
from seqmill.genome.regions import Window
from seqmill.interpretation.alleles import justified
from seqmill.interpretation.pairs import pairs_in, pairs_of
from seqmill.interpretation.scores import Effect, score
from tests.interpretation.genomes import Genome

SIZE = 120


@dataclass
class Case:
    sequence: str
    start: int
    ref: str
    alt: str

    def turned(self) -> "Case":
        end = self.start + len(self.ref)
        parts = (
            sequence_of(reverse_complement(codes_of(text))) for text in (self.sequence, self.ref, self.alt)
        )
        sequence, ref, alt = parts
        return Case(sequence, len(self.sequence) - end, ref, alt)

    def exchanged(self) -> "Case":
        rest = self.sequence[self.start + len(self.ref) :]
        return Case(self.sequence[: self.start] + self.alt + rest, self.start, self.alt, self.ref)

    def effect(self, model: SequenceModel, **options) -> Effect | str:
        genome = Genome(self.sequence)
        change = justified("c", self.start, self.ref, self.alt, genome)
        pairs = pairs_of(change, genome, model.length)
        return pairs if isinstance(pairs, str) else score(model, [pairs], **options)[0]


@st.composite
def cases(draw) -> Case:
    """Give repetitive genomes with substitutions, insertions and deletions near their middle."""
    unit = draw(st.text("ACGT", min_size=1, max_size=4))
    seed = draw(st.integers(0, 2**16))
    bases = np.random.default_rng(seed).integers(0, 4, SIZE, dtype=np.uint8)
    sequence = sequence_of(bases)
    at, copies = draw(st.integers(40, 60)), draw(st.integers(0, 3))
    sequence = (sequence[:at] + unit * copies + sequence[at:])[:SIZE]
    start = draw(st.integers(45, 70))
    ref = sequence[start : start + draw(st.integers(1, 5))]
    return Case(sequence, start, ref, draw(st.text("ACGT", min_size=1, max_size=5)))


def on_both_strands(function):
    return lambda windows: (function(windows) + function(windows.flip(1, 2))) / 2


def model_of(length: int) -> SequenceModel:
    """Give a model that looks at everything, places included."""
    generator = torch.Generator().manual_seed(length)
    first = torch.randn(4 * length, 16, generator=generator) / math.sqrt(length)
    second = torch.randn(16, 2, generator=generator)

    def function(windows: torch.Tensor) -> torch.Tensor:
        return torch.tanh(windows.flatten(1) @ first) @ second

    return SequenceModel(function=on_both_strands(function), length=length, outputs=("a", "b"))


MODELS = [model_of(24), model_of(25)]


def close(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.allclose(one, other, atol=2e-5))


@pytest.mark.parametrize("model", MODELS, ids=["even", "odd"])
@given(case=cases())
@settings(max_examples=60)
def test_the_reverse_complement_of_everything_changes_nothing(model: SequenceModel, case: Case):
    here, there = case.effect(model), case.turned().effect(model)
    if isinstance(here, str) or isinstance(there, str):
        assert here == there
        return
    for part in ("reference", "alternative", "change", "local"):
        assert close(getattr(here, part), getattr(there, part)), part


@pytest.mark.parametrize("model", MODELS, ids=["even", "odd"])
@given(case=cases())
@settings(max_examples=60)
def test_exchanged_alleles_flip_the_sign(model: SequenceModel, case: Case):
    here, there = case.effect(model), case.exchanged().effect(model)
    if isinstance(here, str) or isinstance(there, str):
        assert here == there
        return
    assert close(here.change, -there.change) and close(here.local, there.local)
    assert close(here.reference, there.alternative)


@given(case=cases(), before=st.integers(0, 6), after=st.integers(0, 6))
@settings(max_examples=60)
def test_bases_written_around_an_allele_change_nothing(case: Case, before: int, after: int):
    assume(case.ref != case.alt)
    end = case.start + len(case.ref)
    left, right = case.sequence[case.start - before : case.start], case.sequence[end : end + after]
    longer = Case(case.sequence, case.start - before, left + case.ref + right, left + case.alt + right)
    here, there = case.effect(MODELS[0]), longer.effect(MODELS[0])
    if isinstance(here, str) or isinstance(there, str):
        assert here == there
        return
    assert (here.change == there.change).all()


@given(case=cases())
@settings(max_examples=30)
def test_an_allele_like_the_reference_changes_exactly_nothing(case: Case):
    same = Case(case.sequence, case.start, case.ref, case.ref).effect(MODELS[0])
    assert (same.change == 0).all() and (same.local == 0).all()


@given(st.lists(cases(), min_size=1, max_size=6), st.integers(1, 50))
@settings(max_examples=20)
def test_company_and_the_size_of_a_batch_change_nothing(many: list[Case], batch: int):
    model = MODELS[1]
    pairs = []
    for case in many:
        genome = Genome(case.sequence)
        found = pairs_of(justified("c", case.start, case.ref, case.alt, genome), genome, model.length)
        if not isinstance(found, str):
            pairs.append(found)
    together = score(model, pairs, batch=batch)
    for alone, one in zip((score(model, [p])[0] for p in pairs), together, strict=True):
        assert close(alone.change, one.change) and close(alone.local, one.local)


def test_units_strands_and_local_change_by_hand():
    """The model counts A in the left half of its window: the strand and the place matter."""

    def left_a(windows: torch.Tensor) -> torch.Tensor:
        return windows[:, 0, :4].sum(1)[:, None]

    case = Case("C" * 60, 30, "C", "A")
    plain = SequenceModel(function=left_a, length=9, outputs=("x",), both_strands=False)
    found = case.effect(plain)
    assert found.change.tolist() == [0] and found.local.tolist() == [1]
    turned = case.turned()
    assert turned.effect(plain).local.tolist() == [0]
    both = SequenceModel(function=on_both_strands(left_a), length=9, outputs=("x",), logarithmic=True)
    assert case.effect(both).local[0] == pytest.approx(0.5 / math.log(2))


def test_nothing_to_score_gives_nothing():
    assert score(MODELS[0], []) == []


def one_strand(length: int) -> SequenceModel:
    """Give a model that looks at everything on the strand that it reads."""
    weights = torch.randn(4 * length, 2, generator=torch.Generator().manual_seed(length))
    return SequenceModel(
        function=lambda windows: torch.tanh(windows.flatten(1) @ weights / 8),
        length=length,
        outputs=("a", "b"),
        both_strands=False,
    )


@given(case=cases(), start=st.integers(30, 46))
@settings(max_examples=60)
def test_a_place_on_the_other_strand_of_everything_says_the_same(case: Case, start: int):
    """Also: alleles exchanged in the same place flip the sign, where neither changes the length."""
    model = one_strand(40)
    genome, turned = Genome(case.sequence), Genome(case.turned().sequence)
    here = pairs_in(
        justified("c", case.start, case.ref, case.alt, genome), Window("c", start, start + 40), genome
    )
    place = Window("c", SIZE - start - 40, SIZE - start, "-")
    other = case.turned()
    there = pairs_in(justified("c", other.start, other.ref, other.alt, turned), place, turned)
    assume(not isinstance(here, str))
    assert not isinstance(there, str)
    first, second = score(model, [here])[0], score(model, [there])[0]
    assert close(first.change, second.change) and close(first.reference, second.reference)


def test_the_middle_of_a_place_stays_where_it_is():
    """Bases on the side of a deletion that looks to the middle keep their places."""
    genome = Genome("ACGT" * 5 + "TTTTGGGGCC" + "CATG" * 5)
    place = Window("c", 10, 40)
    deleted = justified("c", 14, "GT", "G", genome)
    (left,) = pairs_in(deleted, place, genome)
    assert sequence_of(left.reference) == genome.sequence[10:40]
    assert sequence_of(left.alternative)[6:] == genome.sequence[16:40]
    (right,) = pairs_in(justified("c", 33, "AT", "A", genome), place, genome)
    assert sequence_of(right.alternative)[:23] == genome.sequence[10:33]

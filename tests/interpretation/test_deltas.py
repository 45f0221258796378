"""Gains and losses at single bases: by hand, and what they have to obey whatever the allele."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from seqmill.applications.sequence import SequenceModel
from seqmill.interpretation.alleles import justified
from seqmill.interpretation.deltas import delta
from tests.interpretation.genomes import Genome
from tests.interpretation.test_scores import Case, cases

LENGTH = 5
REACH = 10


def pairs_along(x: torch.Tensor) -> torch.Tensor:
    """Tell of each base whether GT begins there, and of the other strand the same (AC ends there)."""
    inner = slice(2, x.shape[-1] - 2)
    forward = x[:, 2, inner] * x[:, 3, 3 : x.shape[-1] - 1]
    reverse = x[:, 1, inner] * x[:, 0, 1 : x.shape[-1] - 3]
    return torch.stack([forward, reverse], dim=1)


MODEL = SequenceModel(
    function=lambda x: pairs_along(x)[..., 0],
    length=LENGTH,
    outputs=("forward", "reverse"),
    both_strands=False,
    along=pairs_along,
)


def deltas_of(case: Case):
    genome = Genome(case.sequence)
    change = justified("c", case.start, case.ref, case.alt, genome)
    return delta(MODEL, change, genome, start=case.start, reach=REACH)


@pytest.mark.parametrize(
    ("ref", "alt", "gain", "gain_at", "loss", "loss_at"),
    [
        ("G", "A", 0, 0, 1, 0),  # the G of GT is lost at the base itself
        ("GT", "GA", 0, 0, 1, 0),  # written from the G on: the loss is still at the G
        ("C", "G", 1, 0, 0, 0),
    ],
)
def test_single_bases_by_hand(ref, alt, gain, gain_at, loss, loss_at):
    sequence = "A" * 30 + ("GTA" if ref[0] == "G" else "CTA") + "A" * 30
    found = deltas_of(Case(sequence, 30, ref, alt))
    assert (found.gain[0], found.gain_at[0], found.loss[0], found.loss_at[0]) == (
        gain,
        gain_at,
        loss,
        loss_at,
    )


def test_a_site_beside_the_allele_is_told_where_it_is():
    found = deltas_of(Case("A" * 30 + "GC" + "A" * 30, 31, "C", "T"))
    assert (found.gain[0], found.gain_at[0]) == (1, -1)
    found = deltas_of(Case("A" * 30 + "CCCT" + "A" * 30, 30, "CCC", "G"))
    assert (found.gain[0], found.gain_at[0]) == (1, 0)


def test_what_lies_beyond_the_reach_or_the_contig_is_not_looked_at():
    assert deltas_of(Case("GT" + "A" * 40, 0, "G", "C")).loss.tolist() == [1, 0]
    assert deltas_of(Case("A" * 40 + "GT", 41, "T", "C")).loss_at.tolist() == [-1, 0]


def test_a_model_of_whole_windows_has_none():
    model = SequenceModel(function=lambda x: x.sum((1, 2))[:, None], length=5, outputs=("sum",))
    genome = Genome("A" * 50)
    assert delta(model, justified("c", 20, "A", "C", genome), genome, start=20) is None


@settings(max_examples=60)
@given(cases())
def test_exchanged_alleles_exchange_gain_and_loss(case):
    one, other = deltas_of(case), deltas_of(case.exchanged())
    np.testing.assert_array_equal(one.gain, other.loss)
    np.testing.assert_array_equal(one.loss, other.gain)


@settings(max_examples=60)
@given(cases())
def test_the_reverse_complement_exchanges_the_strands(case):
    one, other = deltas_of(case), deltas_of(case.turned())
    np.testing.assert_array_equal(one.gain, other.gain[::-1])
    np.testing.assert_array_equal(one.loss, other.loss[::-1])


@settings(max_examples=60)
@given(cases())
def test_an_allele_like_the_reference_changes_nothing(case):
    found = deltas_of(Case(case.sequence, case.start, case.ref, case.ref))
    assert not found.gain.any() and not found.loss.any()
    assert not found.gain_at.any() and not found.loss_at.any()

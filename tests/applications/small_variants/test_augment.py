"""Augmentation changes what it says and nothing else."""

import pytest
import torch

from seqmill.applications.small_variants import augment as augmenting
from seqmill.applications.small_variants.augment import Augmentation, augment
from seqmill.applications.small_variants.expand import exchange, unpack
from tests.applications.small_variants.payloads import ALT, COLUMNS, REF, any_payload, payload

NOTHING = Augmentation(downsample=0.0, swap_strands=False, permute_bases=False)
RULE = {"min_support": 2, "single_read_depth": 0}


def many(reads: list, n: int = 400) -> torch.Tensor:
    return payload(reads).repeat(n, 1)


def changed(batch: torch.Tensor, **options: object) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    chosen = Augmentation(**{"downsample": 0.0, "swap_strands": False, "permute_bases": False, **options})
    return augment(batch, COLUMNS, chosen, **RULE, generator=generator)


def test_nothing_asked_nothing_changed() -> None:
    batch = many([ALT, REF])
    assert torch.equal(augment(batch, COLUMNS, NOTHING, **RULE), batch)


def test_the_input_is_left_alone() -> None:
    batch = many([ALT, ALT, REF])
    before = batch.clone()
    changed(batch, downsample=1.0, swap_strands=True, permute_bases=True)
    assert torch.equal(batch, before)


def test_thinned_examples_stay_candidates_and_tell_their_depth() -> None:
    found = unpack(changed(many([ALT] * 3 + [REF] * 3), downsample=1.0), COLUMNS)
    assert found.reads.alt.sum(1).min() >= RULE["min_support"]
    assert torch.equal(found.site[:, 5], found.reads.present.sum(1))
    assert found.reads.present.sum(1).min() < 6


def test_strands_are_swapped_half_of_the_time() -> None:
    reads = unpack(changed(many([ALT, REF]), swap_strands=True), COLUMNS).reads
    swapped = reads.reverse[:, 0] == 1
    assert 0.4 < swapped.float().mean() < 0.6
    assert torch.equal(
        reads.reverse[swapped][:, :3], torch.tensor([[1.0, 0.0, 0.0]]).expand(int(swapped.sum()), 3)
    )
    assert torch.equal(reads.present, unpack(many([ALT, REF]), COLUMNS).reads.present)


def test_bases_become_their_complement_in_every_row() -> None:
    pileup = unpack(changed(many([ALT, ("AC-TA", -9.0, False)]), permute_bases=True), COLUMNS)
    flipped = pileup.reference[:, 0] == 4
    assert 0.4 < flipped.float().mean() < 0.6
    one = int(torch.nonzero(flipped)[0])
    assert pileup.reference[one].tolist() == [4, 3, 2, 1, 4]
    bases = exchange(pileup.cells[one] >> 5, pileup.reference[one])
    assert bases[0].tolist() == [4, 3, 1, 1, 4]
    assert bases[1].tolist() == [4, 3, 5, 1, 4]
    assert (pileup.cells[one, 0] & 31).tolist() == [20] * 5


@pytest.mark.parametrize("depth", [0, 2])
@pytest.mark.parametrize("off", ["downsample", "swap_strands", "permute_bases", ""])
def test_a_device_makes_the_same_of_the_same_draws(off: str, depth: int) -> None:
    options = Augmentation(**{"downsample": 0.8} | ({off: 0} if off else {}))
    batch = torch.cat([any_payload(seed) for seed in range(40)])
    draws = augmenting._draw(batch, COLUMNS, options, torch.Generator().manual_seed(3))
    rule = {"min_support": 2, "single_read_depth": depth}
    on_device = augmenting._on_device(batch.clone(), COLUMNS, draws, *rule.values())
    found = augment(batch, COLUMNS, options, **rule, generator=torch.Generator().manual_seed(3))
    assert torch.equal(found, on_device)
    assert not torch.equal(found, batch)

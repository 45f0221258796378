"""Augmentation of pileups on the device: fewer reads, the other strand, the complementary bases."""

from typing import NamedTuple

import torch

from seqmill.applications.small_variants.augment_kernel import change
from seqmill.applications.small_variants.expand import exchange
from seqmill.applications.small_variants.layout import PRESENT, REVERSE, SUPPORTS_ALT
from seqmill.applications.small_variants.options import Augmentation
from seqmill.applications.small_variants.relative import BASES
from seqmill.applications.small_variants.spec import SCALARS


def augment(
    pileup: torch.Tensor,
    columns: int,
    options: Augmentation,
    *,
    min_support: int,
    single_read_depth: int,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Give a changed copy of a batch of payloads.

    An example is thinned only when it stays a candidate by the encoding's own rule.

    Parameters
    ----------
    pileup : Tensor, uint8, shape (B, (H + 1) * (columns + 8))
        Payloads, zero-padded.
    columns : int
        Reference positions of a pileup.
    options : Augmentation
        What to change.
    min_support, single_read_depth : int
        The encoding's rule of candidates.
    generator : torch.Generator, optional
        Source of randomness; the global one otherwise.

    Returns
    -------
    Tensor, uint8, same shape
    """
    draws = _draw(pileup, columns, options, generator)
    rule = (min_support, single_read_depth)
    changed = pileup.clone(memory_format=torch.contiguous_format)
    if changed.device.type == "cpu":
        change(changed.numpy(), columns, *(draw.numpy() for draw in draws), *rule)
        return changed
    return _on_device(changed, columns, draws, *rule)


class _Draws(NamedTuple):
    """What chance says: share (B,), lot (B, H), chosen (3, B), as `augment_kernel.change` takes them."""

    share: torch.Tensor
    lot: torch.Tensor
    chosen: torch.Tensor


def _draw(
    pileup: torch.Tensor, columns: int, options: Augmentation, generator: torch.Generator | None
) -> _Draws:
    batch, height = pileup.shape[0], pileup.shape[1] // (columns + SCALARS) - 1

    def draw(*shape: int) -> torch.Tensor:
        return torch.rand(*shape, device=pileup.device, generator=generator)

    share = lot = torch.empty(batch, 0, device=pileup.device)
    chosen = torch.zeros(3, batch, dtype=torch.bool, device=pileup.device)
    if options.downsample > 0:
        share = 1.0 - 0.67 * draw(batch, 1)
        lot = draw(batch, height)
        chosen[0] = draw(batch) < options.downsample
    if options.swap_strands:
        chosen[1] = draw(batch) < 0.5
    if options.permute_bases:
        chosen[2] = draw(batch) < 0.5
    return _Draws(share.flatten(), lot, chosen)


def _on_device(
    pileup: torch.Tensor, columns: int, draws: _Draws, min_support: int, single_read_depth: int
) -> torch.Tensor:
    rows = pileup.view(len(pileup), -1, columns + SCALARS)
    thinned, swapped, permuted = draws.chosen
    if draws.lot.shape[1]:
        flags = rows[:, 1:, columns + 1]
        kept = (draws.lot < draws.share[:, None]) & ((flags & PRESENT) > 0)
        support = (kept & ((flags & SUPPORTS_ALT) > 0)).sum(1)
        depth = kept.sum(1)
        enough = (support >= min_support) | ((support >= 1) & (depth <= single_read_depth))
        thinned = enough & thinned
        rows[:, 1:] *= (kept | ~thinned[:, None]).unsqueeze(2)
        rows[:, 0, columns + 5] = torch.where(thinned, depth, rows[:, 0, columns + 5]).to(torch.uint8)
    flags = rows[:, 1:, columns + 1]
    turned = swapped[:, None] & ((flags & PRESENT) > 0)
    rows[:, 1:, columns + 1] = flags ^ (turned.to(torch.uint8) * REVERSE)
    cells, reference = rows[:, 1:, :columns], rows[:, :1, :columns]
    permuted = permuted[:, None, None]
    after = torch.where(permuted, _complement(reference >> 5), reference >> 5)
    base = exchange(cells >> 5, reference >> 5)
    base = torch.where(permuted, _complement(base), base)
    rows[:, 1:, :columns] = exchange(base, after) << 5 | (cells & 31)
    rows[:, :1, :columns] = after << 5 | (reference & 31)
    return pileup


def _complement(base: torch.Tensor) -> torch.Tensor:
    return torch.where((base > 0) & (base <= BASES), BASES + 1 - base, base)

"""Augmentation of pileups on the device: fewer reads, the other strand, the complementary bases."""

from dataclasses import dataclass, field

import torch

from seqmill.applications.small_variants.encode import PRESENT, REVERSE, SUPPORTS_ALT
from seqmill.applications.small_variants.expand import exchange
from seqmill.applications.small_variants.relative import BASES
from seqmill.applications.small_variants.spec import SCALARS


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """What is changed at random in training.

    Attributes
    ----------
    downsample : float
        Share of the examples whose reads are thinned, to between a third and all of them.
    swap_strands : bool
        Half of the time forward reads become reverse reads.
    permute_bases : bool
        Half of the time every base becomes its complement, in place.
    """

    downsample: float = field(default=0.3, metadata={"at_least": 0, "at_most": 1})
    swap_strands: bool = True
    permute_bases: bool = True


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
    batch = pileup.shape[0]
    rows = pileup.clone().view(batch, -1, columns + SCALARS)

    def draw(*shape: int) -> torch.Tensor:
        return torch.rand(*shape, device=pileup.device, generator=generator)

    if options.downsample > 0:
        flags = rows[:, 1:, columns + 1]
        share = 1.0 - 0.67 * draw(batch, 1)
        kept = (draw(*flags.shape) < share) & ((flags & PRESENT) > 0)
        support = (kept & ((flags & SUPPORTS_ALT) > 0)).sum(1)
        depth = kept.sum(1)
        enough = (support >= min_support) | ((support >= 1) & (depth <= single_read_depth))
        thinned = enough & (draw(batch) < options.downsample)
        rows[:, 1:] *= (kept | ~thinned[:, None]).unsqueeze(2)
        rows[:, 0, columns + 5] = torch.where(thinned, depth, rows[:, 0, columns + 5]).to(torch.uint8)
    if options.swap_strands:
        flags = rows[:, 1:, columns + 1]
        swapped = (draw(batch) < 0.5)[:, None] & ((flags & PRESENT) > 0)
        rows[:, 1:, columns + 1] = flags ^ (swapped.to(torch.uint8) * REVERSE)
    if options.permute_bases:
        cells, reference = rows[:, 1:, :columns], rows[:, :1, :columns]
        chosen = (draw(batch) < 0.5)[:, None, None]
        after = torch.where(chosen, _complement(reference >> 5), reference >> 5)
        base = exchange(cells >> 5, reference >> 5)
        base = torch.where(chosen, _complement(base), base)
        rows[:, 1:, :columns] = exchange(base, after) << 5 | (cells & 31)
        rows[:, :1, :columns] = after << 5 | (reference & 31)
    return rows.view(batch, -1)


def _complement(base: torch.Tensor) -> torch.Tensor:
    return torch.where((base > 0) & (base <= BASES), BASES + 1 - base, base)

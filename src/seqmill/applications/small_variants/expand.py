"""Compact pileups expanded on the device: reads, summary features of a site, and grouped columns."""

import math
from typing import NamedTuple

import torch

from seqmill.applications.small_variants.layout import (
    DECISIVE,
    DELETED,
    INSERTS,
    LLR_STEPS,
    LLR_ZERO,
    OTHER_ALLELE,
    PRESENT,
    REVERSE,
    SUPPORTS_ALT,
    SUPPORTS_REF,
)
from seqmill.applications.small_variants.relative import AS_REFERENCE, BASES
from seqmill.applications.small_variants.spec import ALLELE_FRACTIONS, SCALARS

GROUPS = 4
COLUMN_CHANNELS = GROUPS * 5 + 6


class Reads(NamedTuple):
    """What a batch of pileups says of the reads; B examples, H read rows.

    Attributes
    ----------
    present : Tensor, float32, shape (B, H)
        1 where a row holds a read.
    llr : Tensor, float32, shape (B, H)
        Log-likelihood ratio of the candidate against the reference, nats.
    alt, ref, other, reverse : Tensor, float32, shape (B, H)
        1 where the alignment carries the allele, the reference, another allele; where the read is reverse.
    mapq, quality, margin, mismatches, clipped : Tensor, float32, shape (B, H)
        Mapping quality and base quality (phred), distance of the site to the read's end, mismatches and
        gaps elsewhere in the read, soft-clipped bases.
    """

    present: torch.Tensor
    llr: torch.Tensor
    alt: torch.Tensor
    ref: torch.Tensor
    other: torch.Tensor
    reverse: torch.Tensor
    mapq: torch.Tensor
    quality: torch.Tensor
    margin: torch.Tensor
    mismatches: torch.Tensor
    clipped: torch.Tensor


class Pileup(NamedTuple):
    """A batch of pileups; B examples, H read rows, W columns.

    Attributes
    ----------
    cells : Tensor, uint8, shape (B, H, W)
        Base relative to the reference in the upper three bits, half the phred quality in the lower five; 0
        is empty.
    reference : Tensor, uint8, shape (B, W)
        Base codes 1 to 4, 7 unknown.
    site : Tensor, float32, shape (B, 8)
        Type, indel length, homopolymer, repeat unit, repeat copies, reads, other candidates, 1.
    reads : Reads
        The rows' scalars.
    """

    cells: torch.Tensor
    reference: torch.Tensor
    site: torch.Tensor
    reads: Reads


def unpack(pileup: torch.Tensor, columns: int) -> Pileup:
    """Split a batch of payloads into its parts.

    Parameters
    ----------
    pileup : Tensor, uint8, shape (B, (H + 1) * (columns + 8))
        Payloads, zero-padded.
    columns : int
        Reference positions of a pileup.
    """
    rows = pileup.view(pileup.shape[0], -1, columns + SCALARS)
    head, body = rows[:, 0], rows[:, 1:]
    scalars = body[:, :, columns:]
    flags = scalars[..., 1]
    value = scalars.float()
    present = ((flags & PRESENT) > 0).float()
    reads = Reads(
        present=present,
        llr=(value[..., 2] - LLR_ZERO) / LLR_STEPS * present,
        alt=((flags & SUPPORTS_ALT) > 0).float(),
        ref=((flags & SUPPORTS_REF) > 0).float(),
        other=((flags & OTHER_ALLELE) > 0).float(),
        reverse=((flags & REVERSE) > 0).float(),
        mapq=value[..., 0],
        quality=value[..., 3],
        margin=value[..., 4],
        mismatches=value[..., 5],
        clipped=value[..., 6],
    )
    return Pileup(body[:, :, :columns], head[:, :columns] >> 5, head[:, columns:].float(), reads)


def exchange(base: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
    """Turn base codes into codes relative to the reference, or back.

    Parameters
    ----------
    base, reference : Tensor, uint8
        Codes of cells, and of the reference under them; shapes broadcast.
    """
    known = (reference > 0) & (reference <= BASES)
    fits = torch.where(base == AS_REFERENCE, reference, base)
    return torch.where(known, torch.where(base == reference, AS_REFERENCE, fits), base)


def fraction_profile(reads: Reads) -> torch.Tensor:
    """Give the log-likelihood of each allele fraction, relative to the best one.

    A read's likelihood under fraction f is ``(1 - f) + f * exp(llr)``; its ratio is limited by its mapping
    quality, since a misplaced read says nothing of the site.

    Returns
    -------
    Tensor, float32, shape (B, len(ALLELE_FRACTIONS))
        Zero at the best fraction, negative elsewhere; nats.
    """
    limit = (reads.mapq * (math.log(10.0) / 10.0)).clamp(min=0.0)
    llr = torch.maximum(torch.minimum(reads.llr, limit), -limit)
    fractions = torch.tensor(ALLELE_FRACTIONS, device=llr.device)
    mixed = torch.log1p(fractions * torch.expm1(llr).unsqueeze(-1))
    profile = (mixed * reads.present.unsqueeze(-1)).sum(1)
    return profile - profile.amax(1, keepdim=True)


def site_features(pileup: Pileup) -> torch.Tensor:
    """Summarise each pileup in a vector of about unit scale.

    Returns
    -------
    Tensor, float32, shape (B, `N_FEATURES`)
    """
    reads, site = pileup.reads, pileup.site
    present = reads.present
    leaning = (reads.llr > DECISIVE).float() * present
    against = (reads.llr < -DECISIVE).float() * present
    unsure = present - leaning - against
    n = present.sum(1)
    n_alt, n_ref, n_other = reads.alt.sum(1), reads.ref.sum(1), reads.other.sum(1)
    n_lean, n_against = leaning.sum(1), against.sum(1)
    informative = n_lean + n_against

    def mean(value: torch.Tensor, group: torch.Tensor) -> torch.Tensor:
        return (value * group).sum(1) / group.sum(1).clamp(min=1.0)

    kind = site[:, 0]
    profile = fraction_profile(reads)
    alt_forward = (leaning * (1 - reads.reverse)).sum(1)
    ref_forward = (against * (1 - reads.reverse)).sum(1)
    top = (reads.llr * present).topk(3, dim=1).values
    features = [
        (kind == 1).float(),
        (kind == 2).float(),
        (kind == 3).float(),
        torch.log1p(site[:, 1]),
        site[:, 2].clamp(max=30) / 10,
        site[:, 3] / 6,
        site[:, 4].clamp(max=30) / 10,
        (site[:, 3] * site[:, 4]).clamp(max=60) / 20,
        torch.log1p(site[:, 5]) / 2,
        site[:, 6].clamp(max=4) / 2,
        torch.log1p(n_alt),
        torch.log1p(n_ref),
        torch.log1p(n_other),
        torch.log1p(n_lean),
        torch.log1p(n_against),
        torch.log1p(unsure.sum(1)),
        n_alt / n.clamp(min=1),
        n_other / n.clamp(min=1),
        n_lean / informative.clamp(min=1),
        (n_alt / (n_alt + n_ref).clamp(min=1)),
        alt_forward / n_lean.clamp(min=1),
        ref_forward / n_against.clamp(min=1),
        torch.minimum(alt_forward, n_lean - alt_forward).clamp(max=4) / 2,
        mean(reads.quality, leaning) / 20,
        mean(reads.quality, against) / 20,
        mean(reads.mapq, leaning) / 30,
        mean(reads.mapq, present) / 30,
        ((reads.mapq < 20).float() * present).sum(1) / n.clamp(min=1),
        mean(reads.margin, leaning) / 40,
        mean(reads.margin, against) / 40,
        mean(reads.mismatches, leaning).clamp(max=20) / 4,
        mean(reads.mismatches, against).clamp(max=20) / 4,
        mean((reads.clipped > 0).float(), leaning),
        mean((reads.clipped > 0).float(), against),
        mean(reads.llr, leaning) / 8,
        mean(reads.llr, against) / 8,
        *(top / 8).unbind(1),
        *_squash(profile).unbind(1),
    ]
    return torch.stack(features, 1)


N_FEATURES = 39 + len(ALLELE_FRACTIONS)


def _squash(value: torch.Tensor) -> torch.Tensor:
    """Compress log-likelihoods: near zero they count in full, far away in logarithm."""
    return -torch.log1p(-value.clamp(max=0.0)) / 2


def grouped_columns(pileup: Pileup) -> torch.Tensor:
    """Sum the cells of reads that say the same, column by column.

    The groups are: forward and reverse reads that fit the candidate, reads that fit the reference, others.
    Each has five channels: coverage, quality-weighted matches and mismatches, deletions, insertions, all as
    shares of the reads; then the reference as one-hot and unknown, and the place of the candidate.

    Returns
    -------
    Tensor, float32, shape (B, `COLUMN_CHANNELS`, W)
    """
    cells, reads = pileup.cells, pileup.reads
    base = cells >> 5
    quality = (cells & 31).float() / 20
    covered = base > 0
    matches = (base == AS_REFERENCE) & (pileup.reference <= BASES).unsqueeze(1)
    differs = covered & ~matches & (base < DELETED)
    attributes = torch.stack(
        [
            covered.float(),
            matches.float() * quality,
            differs.float() * quality,
            (base == DELETED).float(),
            (base == INSERTS).float(),
        ],
        dim=2,
    )
    fits = ((reads.llr > DECISIVE) | (reads.alt > 0)).float() * reads.present
    plain = (reads.llr < -DECISIVE).float() * (1 - fits) * reads.present
    rest = reads.present - fits - plain
    groups = torch.stack([fits * (1 - reads.reverse), fits * reads.reverse, plain, rest], 1)
    share = 4.0 / reads.present.sum(1).clamp(min=4.0)
    batch, rows, width = cells.shape
    summed = torch.bmm(groups * share[:, None, None], attributes.reshape(batch, rows, 5 * width))
    known = (
        pileup.reference.unsqueeze(1) == torch.arange(1, 5, device=cells.device, dtype=torch.uint8)[:, None]
    )
    middle = torch.zeros(batch, 2, width, device=cells.device)
    middle[:, 0, width // 2] = 1.0
    middle[:, 1] = (pileup.reference == 7).float()
    return torch.cat([summed.reshape(batch, GROUPS * 5, width), known.float(), middle], 1)

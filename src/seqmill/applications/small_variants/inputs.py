"""What networks see of a batch of payloads: kernels on the processor, tensor operations on a device."""

import torch

from seqmill.applications.small_variants.expand import (
    COLUMN_CHANNELS,
    N_FEATURES,
    grouped_columns,
    site_features,
    unpack,
)
from seqmill.applications.small_variants.expand_kernel import sum_columns
from seqmill.applications.small_variants.features_kernel import summarise


def features(payload: torch.Tensor, columns: int) -> torch.Tensor:
    """Summarise each site.

    Parameters
    ----------
    payload : Tensor, uint8, shape (B, (H + 1) * (columns + 8))
        Payloads, zero-padded.
    columns : int
        Reference positions of a pileup.

    Returns
    -------
    Tensor, float32, shape (B, `N_FEATURES`)
    """
    if payload.device.type != "cpu":
        return site_features(unpack(payload, columns))
    out = torch.empty(len(payload), N_FEATURES)
    summarise(payload.contiguous().numpy(), columns, out.numpy())
    return out


def features_and_columns(payload: torch.Tensor, columns: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Summarise each site, and sum its cells column by column.

    Returns
    -------
    Tensor, float32, shape (B, `N_FEATURES`)
    Tensor, float32, shape (B, `COLUMN_CHANNELS`, columns)
        Channels lie next to each other in memory.
    """
    if payload.device.type != "cpu":
        pileup = unpack(payload, columns)
        return site_features(pileup), grouped_columns(pileup)
    out = torch.empty(len(payload), columns, COLUMN_CHANNELS)
    sum_columns(payload.contiguous().numpy(), columns, out.numpy())
    return features(payload, columns), out.transpose(1, 2)

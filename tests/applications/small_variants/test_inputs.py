"""The processor's kernels against the device's tensors, on payloads of any bytes."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from seqmill.applications.small_variants.expand import (
    COLUMN_CHANNELS,
    N_FEATURES,
    grouped_columns,
    site_features,
    unpack,
)
from seqmill.applications.small_variants.inputs import features, features_and_columns
from tests.applications.small_variants.payloads import ALT, COLUMNS, REF, ROWS, any_payload, payload


@given(seed=st.integers(0, 2**32 - 1), present=st.floats(0, 1))
def test_any_payload_gives_the_same_on_the_processor_and_on_a_device(seed: int, present: float) -> None:
    batch = any_payload(seed, present)
    pileup = unpack(batch, COLUMNS)
    summary, columns = features_and_columns(batch, COLUMNS)
    assert columns.shape == (7, COLUMN_CHANNELS, COLUMNS)
    torch.testing.assert_close(columns, grouped_columns(pileup), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(summary, site_features(pileup), rtol=1e-4, atol=1e-4)
    assert torch.equal(summary, features(batch, COLUMNS))


def many(reads: list[torch.Tensor]) -> torch.Tensor:
    """Put one payload's reads below another's, without the empty rows."""
    rows = [read.view(1, ROWS + 1, -1)[:, 1:2] for read in reads]
    return torch.cat([payload([]).view(1, ROWS + 1, -1)[:, :1], *rows], 1).reshape(1, -1)


def test_columns_of_many_rows_do_not_overflow() -> None:
    batch = many([payload([ALT])] + [payload([REF])] * 254)
    batch.view(1, 256, -1)[:, 1:, :COLUMNS] |= 31
    found = features_and_columns(batch, COLUMNS)[1]
    torch.testing.assert_close(found, grouped_columns(unpack(batch, COLUMNS)))


def test_likelihoods_of_many_reads_stay_finite() -> None:
    for reads in ([ALT] * 254, [REF] * 254, [ALT, REF] * 127):
        batch = many([payload([read]) for read in reads])
        wanted = site_features(unpack(batch, COLUMNS))
        torch.testing.assert_close(features(batch, COLUMNS), wanted, rtol=1e-4, atol=1e-4)


def test_empty_pileups_have_finite_features() -> None:
    found = features(torch.cat([payload([]), payload([ALT] * 3)]), COLUMNS)
    assert found.shape == (2, N_FEATURES)
    assert torch.isfinite(found).all()


def test_columns_lie_channels_last() -> None:
    columns = features_and_columns(payload([ALT, REF]), COLUMNS)[1]
    assert columns.unsqueeze(2).is_contiguous(memory_format=torch.channels_last)

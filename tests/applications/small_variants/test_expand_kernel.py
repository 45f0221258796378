"""The processor's kernel against the device's tensors, on payloads of any bytes."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqmill.applications.small_variants import expand
from seqmill.applications.small_variants.encode import PRESENT
from tests.applications.small_variants.payloads import ALT, COLUMNS, REF, ROWS, payload


@given(seed=st.integers(0, 2**32 - 1), present=st.floats(0, 1))
def test_any_payload_gives_the_same_columns_on_the_processor_and_on_a_device(
    seed: int, present: float
) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 256, (7, ROWS + 1, COLUMNS + 8), dtype=np.uint8)
    occupied = rng.random((7, ROWS)) < present
    rows[:, 1:, COLUMNS + 1] = rows[:, 1:, COLUMNS + 1] & ~np.uint8(PRESENT) | occupied * np.uint8(PRESENT)
    pileup = expand.unpack(torch.from_numpy(rows.reshape(7, -1)), COLUMNS)
    on_cpu = expand._columns_on_cpu(pileup)
    assert on_cpu.shape == (7, expand.COLUMN_CHANNELS, COLUMNS)
    torch.testing.assert_close(on_cpu, expand._columns_on_device(pileup), rtol=1e-5, atol=1e-5)


def test_columns_of_many_rows_do_not_overflow() -> None:
    rows = torch.cat(
        [payload([ALT]).view(1, ROWS + 1, -1)] + [payload([REF]).view(1, ROWS + 1, -1)[:, 1:2]] * 254, 1
    )
    rows = rows[:, [0, 1, *range(ROWS + 1, rows.shape[1])]]
    rows[:, 1:, :COLUMNS] |= 31
    pileup = expand.unpack(rows.reshape(1, -1), COLUMNS)
    torch.testing.assert_close(expand._columns_on_cpu(pileup), expand._columns_on_device(pileup))


def test_columns_lie_channels_last() -> None:
    columns = expand.grouped_columns(expand.unpack(payload([ALT, REF]), COLUMNS))
    assert columns.unsqueeze(2).is_contiguous(memory_format=torch.channels_last)

"""Full tensors from the processor's kernel and from tensor operations, against planes filled cell by cell."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqmill.applications.small_variants.layout import PRESENT, REVERSE, SUPPORTS_ALT
from seqmill.applications.small_variants.planes import PLANES, _on_device, expand_planes, fill_planes
from tests.applications.small_variants.payloads import COLUMNS, ROWS, payload


def slowly(packed: np.ndarray) -> np.ndarray:
    """The planes of one payload, one cell at a time."""
    rows = packed.reshape(-1, COLUMNS + 8).astype(int)
    out = np.zeros((7, len(rows) - 1, COLUMNS), np.uint8)
    for i, row in enumerate(rows[1:]):
        flags = row[COLUMNS + 1]
        if not flags & PRESENT:
            continue
        for j in range(COLUMNS):
            code, reference = row[j] // 32, rows[0, j] // 32
            if code == 0:
                continue
            base = code
            if reference in (1, 2, 3, 4):
                base = {1: reference, reference: 1}.get(code, code)
                if code == 1:
                    base = reference
            out[:, i, j] = [
                base,
                row[j] % 32 * 2,
                row[COLUMNS],
                2 if flags & REVERSE else 1,
                2 if flags & SUPPORTS_ALT else 1,
                2 if base != reference else 1,
                row[COLUMNS + 7],
            ]
    return out


@given(seed=st.integers(0, 2**32 - 1), present=st.floats(0, 1))
def test_any_payload_gives_the_planes_that_were_filled_cell_by_cell(seed: int, present: float) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 256, (5, ROWS + 1, COLUMNS + 8), dtype=np.uint8)
    occupied = rng.random((5, ROWS)) < present
    rows[:, 1:, COLUMNS + 1] = rows[:, 1:, COLUMNS + 1] & ~np.uint8(PRESENT) | occupied * np.uint8(PRESENT)
    packed = rows.reshape(5, -1)
    wanted = np.stack([slowly(one) for one in packed])
    used = np.full_like(wanted, 99)
    assert np.array_equal(expand_planes(torch.from_numpy(packed), COLUMNS, out=used).numpy(), wanted)
    assert np.array_equal(expand_planes(torch.from_numpy(packed), COLUMNS).numpy(), wanted)
    assert np.array_equal(_on_device(torch.from_numpy(packed), COLUMNS).numpy(), wanted)


def test_planes_of_a_pileup_written_by_hand() -> None:
    planes = expand_planes(payload([("ACT-A", 9.0, True), (".CGTA", -9.0, False)]), COLUMNS)[0]
    shown = dict(zip(PLANES, planes[:, :2].tolist(), strict=True))
    assert shown == {
        "base": [[1, 2, 4, 5, 1], [0, 2, 3, 4, 1]],
        "base_quality": [[40] * 5, [0, 40, 40, 40, 40]],
        "mapping_quality": [[60] * 5, [0, 60, 60, 60, 60]],
        "strand": [[2] * 5, [0, 1, 1, 1, 1]],
        "supports_variant": [[2] * 5, [0, 1, 1, 1, 1]],
        "differs_from_reference": [[1, 1, 2, 2, 1], [0, 1, 1, 1, 1]],
        "insert_size": [[50] * 5, [0, 50, 50, 50, 50]],
    }
    assert planes[:, 2:].sum() == 0


def test_rows_that_are_empty_already_need_no_zeros() -> None:
    deep, shallow = payload([("ACGTA", 9.0, True)] * 5), payload([("ACGTA", 9.0, True)])
    out, occupied = np.full((1, 7, ROWS, COLUMNS), 99, np.uint8), np.array([ROWS])
    for packed, rows in ((shallow, 1), (deep, 5), (shallow, 1), (payload([]), 0), (deep, 5)):
        fill_planes(packed.numpy(), out, occupied=occupied)
        assert occupied.tolist() == [rows]
        assert np.array_equal(out[0], slowly(packed[0].numpy()))


def test_planes_of_another_size_are_refused() -> None:
    packed = payload([]).numpy()
    with pytest.raises(ValueError, match="wanted"):
        fill_planes(packed, np.empty((1, 7, ROWS + 1, COLUMNS), np.uint8))

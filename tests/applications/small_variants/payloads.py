"""Payloads written by hand for tests of what the device makes of them."""

from collections.abc import Sequence

import numpy as np
import torch

from seqmill.applications.small_variants.layout import (
    LLR_STEPS,
    LLR_ZERO,
    PRESENT,
    REVERSE,
    SUPPORTS_ALT,
    SUPPORTS_REF,
)
from seqmill.applications.small_variants.relative import relate

COLUMNS = 5
ROWS = 6


def payload(
    reads: Sequence[tuple[str, float, bool]], *, reference: str = "ACGTA", quality: int = 40, kind: int = 1
) -> torch.Tensor:
    """Give one payload, uint8, shape (1, bytes), from (cells, llr, reverse) of each read.

    Cells are letters; ``-`` is deleted, ``+`` a base before an insertion, ``.`` empty.
    """
    codes = {".": 0, "A": 1, "C": 2, "G": 3, "T": 4, "-": 5, "+": 6}
    rows = np.zeros((ROWS + 1, COLUMNS + 8), np.uint8)
    rows[0, :COLUMNS] = [codes[base] << 5 for base in reference]
    rows[0, COLUMNS:] = [kind, 0, 1, 1, 1, len(reads), 0, 1]
    for row, (cells, llr, reverse) in enumerate(reads, start=1):
        rows[row, :COLUMNS] = [codes[base] << 5 | (quality // 2 if base != "." else 0) for base in cells]
        support = SUPPORTS_ALT if llr > 0 else SUPPORTS_REF
        flags = PRESENT | support | (REVERSE if reverse else 0)
        rows[row, COLUMNS:] = [60, flags, LLR_ZERO + int(llr * LLR_STEPS), quality, 30, 0, 0, 50]
    flat = rows.reshape(-1)
    relate(flat, np.array([0, flat.size]), COLUMNS)
    return torch.from_numpy(flat[None])


def any_payload(seed: int, present: float = 0.7) -> torch.Tensor:
    """Give seven payloads of any bytes, with this share of rows that hold a read."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 256, (7, ROWS + 1, COLUMNS + 8), dtype=np.uint8)
    occupied = rng.random((7, ROWS)) < present
    rows[:, 1:, COLUMNS + 1] = rows[:, 1:, COLUMNS + 1] & ~np.uint8(PRESENT) | occupied * np.uint8(PRESENT)
    return torch.from_numpy(rows.reshape(7, -1))


ALT, REF = ("ACTTA", 9.0, False), ("ACGTA", -9.0, True)

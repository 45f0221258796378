"""Arrays that batches use again, so that no batch costs fresh memory."""

import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from seqmill.shards.decode import Batch, batch_layout
from seqmill.shards.schema import Column

Allocate = Callable[[tuple[int, ...], Any], npt.NDArray[Any]]
"""Gives an uninitialised contiguous array of a shape and dtype."""


class Ring:
    """Arrays of a few batches, handed out in turn.

    A batch is valid until `batches` - 1 more were handed out: then its arrays are written again. A
    receiver that needs one for longer, such as a copy to a device that is still under way, says so by
    `hold`. One thread takes batches from a ring.

    Parameters
    ----------
    batches : int
        Batches that exist at a time, at least 2.
    allocate : callable, optional
        Where arrays come from, such as memory that a device can read; ordinary memory unless given.

    Raises
    ------
    ValueError
        When there are fewer than 2 batches.
    """

    def __init__(self, batches: int, allocate: Allocate = np.empty) -> None:
        if batches < 2:
            raise ValueError(f"ring of {batches} batches found, at least 2 wanted")
        self._allocate = allocate
        self._slots: list[Batch | None] = [None] * batches
        self._waits: list[Callable[[], None] | None] = [None] * batches
        self._last = -1

    def take(self, columns: tuple[Column, ...], rows: int) -> Batch:
        """Give the arrays of the batch next in turn, for `rows` examples; what they hold is undefined.

        Waits first for whoever holds them. Arrays are made when first needed and again for a larger batch
        or other columns.
        """
        self._last = (self._last + 1) % len(self._slots)
        wait, self._waits[self._last] = self._waits[self._last], None
        if wait is not None:
            wait()
        layout = batch_layout(columns, rows)
        slot = self._slots[self._last]
        if slot is None or not _fits(slot, layout):
            slot = {name: self._allocate(shape, dtype) for name, (shape, dtype) in layout.items()}
            self._slots[self._last] = slot
        return {name: slot[name][:rows] for name in layout}

    def hold(self, wait: Callable[[], None]) -> None:
        """Keep the batch last taken until `wait` returns; it is called before its arrays are used again."""
        self._waits[self._last] = wait


class Pool:
    """Arrays of batches, used again once nobody holds any array or view of them."""

    _KEPT = 4

    def __init__(self) -> None:
        self._slots: list[Batch] = []
        self._lock = threading.Lock()

    def take(self, columns: tuple[Column, ...], rows: int) -> Batch:
        """Give arrays for `rows` examples, the receiver's own for as long as it holds them."""
        layout = batch_layout(columns, rows)
        with self._lock:
            slot = next((slot for slot in self._slots if _fits(slot, layout) and not _held(slot)), None)
            if slot is None:
                slot = {name: np.empty(shape, dtype) for name, (shape, dtype) in layout.items()}
                self._slots = [*self._slots, slot][-self._KEPT :]
            return {name: slot[name][:rows] for name in layout}


def _held(slot: Batch) -> bool:
    """Say whether anybody but the slot holds one of its arrays, as the base of a view does."""
    return max(sys.getrefcount(array) for array in slot.values()) > _NOBODY


_NOBODY = next(sys.getrefcount(array) for array in {"": np.empty(0)}.values())


def _fits(slot: Batch, layout: dict[str, tuple[tuple[int, ...], Any]]) -> bool:
    return slot.keys() == layout.keys() and all(
        len(slot[name]) >= shape[0] and slot[name].shape[1:] == shape[1:] and slot[name].dtype == dtype
        for name, (shape, dtype) in layout.items()
    )

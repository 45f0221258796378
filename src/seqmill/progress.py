"""Progress that reads well on a terminal and in a log."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

_LOG_INTERVAL_S = 10.0


class _Lines:
    """Progress as a plain line every few seconds, for logs and pipes."""

    def __init__(self, iterable: Iterable[Any] | None, total: float | None, desc: str, unit: str):
        self._iterable = iterable
        self._total = total
        self._desc = desc
        self._unit = unit
        self._done = 0.0
        self._began = self._spoke = time.monotonic()

    def __iter__(self) -> Iterator[Any]:
        for element in self._iterable or ():
            yield element
            self.update(1)

    def __enter__(self) -> "_Lines":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def update(self, n: float = 1) -> None:
        """Count `n` more units as done."""
        self._done += n
        now = time.monotonic()
        if now - self._spoke >= _LOG_INTERVAL_S:
            self._spoke = now
            self._say(now)

    def set_postfix_str(self, text: str) -> None:
        """Show `text` behind the description from now on."""
        self._desc = f"{self._desc.split(' | ')[0]} | {text}" if text else self._desc

    def close(self) -> None:
        """End the bar; a bar that already spoke says its last line."""
        if self._spoke != self._began:
            self._say(time.monotonic())

    def _say(self, now: float) -> None:
        seconds = now - self._began
        if self._total:
            share = f"{100 * self._done / self._total:3.0f} % of {self._total:,.0f} {self._unit}"
        else:
            share = f"{self._done:,.0f} {self._unit}"
        print(f"{self._desc}: {share}, {seconds:.0f} s", file=sys.stderr, flush=True)


def progress(
    iterable: Iterable[Any] | None = None,
    *,
    total: float | None = None,
    desc: str,
    unit: str = "it",
) -> Any:
    """Wrap an iterable, or count by hand with ``update(n)``; a bar on a terminal, lines elsewhere.

    Parameters
    ----------
    iterable : iterable, optional
        What to loop over; its length is the total unless `total` is given.
    total : float, optional
        How many units there are.
    desc : str
        What is going on, in two or three words.
    unit : str
        Name of one unit, shown behind the counts.
    """
    if total is None and hasattr(iterable, "__len__"):
        total = len(iterable)  # type: ignore[arg-type]
    if not sys.stderr.isatty():
        return _Lines(iterable, total, desc, unit)
    from tqdm import tqdm

    return tqdm(iterable, total=total, desc=desc, unit=unit, dynamic_ncols=True)

"""Work that is asked to stop, by a signal or a time limit, stops at a place where nothing is lost."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from seqmill.errors import Interrupted

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_MARGIN = 0.1
_MOST_MARGIN_S = 300.0


def deadline_of_job(minutes: float) -> float:
    """Give the time at which a program has to stop that begins now, in a job of so many minutes.

    A tenth of them is left, five minutes at most: the job began before the program, and saving takes time.

    Parameters
    ----------
    minutes : float
        What the scheduler was asked for.

    Returns
    -------
    float
        Seconds on the monotonic clock.
    """
    limit = 60.0 * minutes
    return time.monotonic() + limit - min(_MARGIN * limit, _MOST_MARGIN_S)


class Stop:
    """Whether to stop, and why.

    A signal is only noted, since an exception out of a signal handler could land anywhere: in an import,
    in a file half written, in a library that swallows it. The work asks at places where it can stop.

    Parameters
    ----------
    deadline : float, optional
        Time on the monotonic clock at which to stop.
    """

    def __init__(self, deadline: float | None = None) -> None:
        self._deadline = deadline
        self._signal = ""
        self._at_once = False

    @property
    def reason(self) -> str:
        """Why to stop; empty as long as nothing asks for it."""
        if self._signal:
            return f"stopped by {self._signal}"
        late = self._deadline is not None and time.monotonic() >= self._deadline
        return "stopped at the time limit" if late else ""

    def check(self) -> None:
        """Stop here if asked to.

        Raises
        ------
        Interrupted
            When a signal came or the deadline has passed.
        """
        if reason := self.reason:
            raise Interrupted(f"{reason}; nothing is lost, run the same command again to go on")

    def listen(self) -> None:
        """Note signals from now on; those that the process ignores stay ignored."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self.note)

    def note(self, number: int, frame: FrameType | None = None) -> None:
        """Take a signal."""
        self._signal = signal.Signals(number).name
        if self._at_once:
            self.check()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Stop in the middle of the block, which has to be work that only reads."""
        self.check()
        self._at_once = True
        try:
            yield
        finally:
            self._at_once = False


@contextmanager
def listening(deadline: float | None = None) -> Iterator[Stop]:
    """Note signals while the block runs; the former handlers are put back at its end."""
    stop = Stop(deadline)
    before = {number: signal.getsignal(number) for number in SIGNALS}
    stop.listen()
    try:
        yield stop
    finally:
        if threading.current_thread() is threading.main_thread():
            for number, handler in before.items():
                signal.signal(number, handler)

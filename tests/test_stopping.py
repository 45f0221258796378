"""A signal is noted, and work stops where it asks."""

import signal
import threading
import time

import pytest

from seqmill.errors import Interrupted
from seqmill.stopping import SIGNALS, Stop, deadline_of_job, listening


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_noted_and_stops_where_it_is_asked_for(number):
    def before(*_):
        raise AssertionError("not listened to")

    found = signal.signal(number, before)  # a job in the background is born deaf to SIGINT
    try:
        with listening() as stop:
            stop.check()
            signal.raise_signal(number)
            with pytest.raises(
                Interrupted, match=f"stopped by {number.name}; nothing is lost, run the same command"
            ):
                stop.check()
        assert signal.getsignal(number) is before
    finally:
        signal.signal(number, found)


def test_the_deadline_stops_when_it_has_passed():
    Stop(deadline=1e12).check()
    with pytest.raises(Interrupted, match="stopped at the time limit"):
        Stop(deadline=0.0).check()


@pytest.mark.parametrize(("minutes", "seconds"), [(1, 54), (30, 1620), (50, 2700), (60, 3300), (720, 42900)])
def test_a_job_leaves_time_to_save_and_five_minutes_at_most(monkeypatch, minutes, seconds):
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    assert deadline_of_job(minutes) == 1000 + seconds


def test_a_block_that_only_reads_is_left_at_once():
    with listening() as stop:
        with pytest.raises(Interrupted, match="SIGTERM"):
            with stop.at_once():
                signal.raise_signal(signal.SIGTERM)
                raise AssertionError("left before")
        with pytest.raises(Interrupted), stop.at_once():
            raise AssertionError("not begun")
        signal.raise_signal(signal.SIGTERM)


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with listening() as stop:
            signal.raise_signal(signal.SIGHUP)
            stop.check()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_thread_leaves_signals_alone():
    def listen():
        with listening() as stop:
            found.append((signal.getsignal(signal.SIGTERM), stop.reason))

    found, before = [], signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=listen)
    thread.start()
    thread.join()
    assert found == [(before, "")]

"""The measurements on a GPU, taken on the processor for want of one; without a GPU the file says so."""

import device
import pytest
import torch

from seqmill.training.hardware import Hardware


def test_everything_is_measured(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(device, "BATCH", 64)
    made = device.measured(torch.device("cpu"), Hardware("cpu", 1, "32-true", "a processor"), quick=True)
    assert [one.key for one in made] == list(device.TEXTS)
    assert all(one.ours is not None and one.ours > 0 and one.note == "a processor" for one in made)


def test_without_a_gpu_every_line_says_so(monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert {one.note for one in device.claims(quick=True)} == {device.MISSING}
    assert capsys.readouterr().out.count(device.MISSING) == len(device.TEXTS)

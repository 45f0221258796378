"""Precision and devices follow what the machine has."""

import pytest
import torch

from seqmill.errors import InputError
from seqmill.training.hardware import find_hardware, use_threads


@pytest.mark.parametrize(
    ("wanted", "able", "expected"),
    [
        ("auto", {"avx512_bf16": True}, "bf16-mixed"),
        ("auto", {"amx_bf16": True}, "bf16-mixed"),
        ("auto", {"avx512_bf16": False, "amx_bf16": False}, "32-true"),
        ("auto", {}, "32-true"),
        ("fp32", {"avx512_bf16": True}, "32-true"),
        ("bf16", {}, "bf16-mixed"),
    ],
)
def test_precision_on_a_cpu(wanted, able, expected, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    hardware = find_hardware(wanted)
    assert (hardware.precision, hardware.accelerator, hardware.devices) == (expected, "cpu", 1)


@pytest.mark.parametrize(
    ("wanted", "able", "expected"),
    [("auto", True, "bf16-mixed"), ("auto", False, "32-true"), ("fp32", True, "32-true")],
)
def test_precision_on_gpus(wanted, able, expected, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: "a GPU")
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: able)
    hardware = find_hardware(wanted)
    assert (hardware.precision, hardware.devices, hardware.name) == (expected, 4, "a GPU")
    assert find_hardware(wanted, 2).devices == 2
    with pytest.raises(InputError, match="found 5, want at most the 4 visible GPUs"):
        find_hardware(wanted, 5)


def test_threads_are_what_was_allotted():
    before = torch.get_num_threads()
    use_threads(1)
    assert torch.get_num_threads() == 1
    use_threads(before)

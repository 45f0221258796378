"""Two processes never get the same GPU; what a process held is free when it is gone."""

import os
import subprocess
import sys
import uuid

import pytest

from seqmill.errors import InputError, Interrupted
from seqmill.training import gpus

NOBODY = 65534
FOUR = ["GPU-a", "GPU-b", "GPU-c", "GPU-d"]
HOLDER = """
import os, sys
from seqmill.training import gpus
gpus.PREFIX = sys.argv[1]
print(*gpus.assign_gpus(int(sys.argv[2]), visible=lambda: sys.argv[3:], check=lambda: None), flush=True)
print(os.environ["CUDA_VISIBLE_DEVICES"], "torch" in sys.modules, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def prefix(monkeypatch):
    monkeypatch.delenv(gpus.VARIABLE, raising=False)
    monkeypatch.setattr(gpus, "PREFIX", own := f"seqmill-test-{uuid.uuid4()}-")
    monkeypatch.setattr(gpus, "_POLL_S", 0.01)
    monkeypatch.setattr(gpus, "_held", held := [])
    yield own
    os.environ.pop(gpus.VARIABLE, None)
    for handle in held:
        handle.close()


def assign(wanted, names=FOUR, check=lambda: None):
    os.environ.pop(gpus.VARIABLE, None)
    return gpus.assign_gpus(wanted, visible=lambda: names, check=check)


def impatient():
    raise Interrupted("nothing is free")


def test_each_gets_others_until_none_is_left():
    assert assign(1) == ["GPU-a"]
    assert os.environ[gpus.VARIABLE] == "GPU-a"
    assert assign(2) == ["GPU-b", "GPU-c"]
    with pytest.raises(Interrupted):
        assign(2, check=impatient)
    assert assign(1) == ["GPU-d"], "what was taken in vain was given back"


def test_a_process_that_is_killed_leaves_its_gpus(prefix):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, prefix, "3", *FOUR],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline().split() == FOUR[:3]
        assert process.stdout.readline().split() == [",".join(FOUR[:3]), "False"]
        with pytest.raises(Interrupted):
            assign(2, check=impatient)
        process.kill()
    assert assign(4) == FOUR


def test_it_waits_until_one_is_free(capsys):
    assign(4)

    def free_one():
        gpus._held.pop().close()

    assert assign(1, check=free_one) == ["GPU-d"]
    assert capsys.readouterr().err == "waiting for 1 free of 4 GPUs\n"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another user")
def test_two_users_share_the_gpus_of_a_machine():
    assert assign(1) == ["GPU-a"]
    os.seteuid(NOBODY)
    try:
        assert assign(2) == ["GPU-b", "GPU-c"]
    finally:
        os.seteuid(0)
    gpus._held.pop().close()
    assert assign(1) == ["GPU-c"], "a lock of the other's"


def test_a_name_that_cannot_be_locked_is_no_gpu_in_use():
    with pytest.raises(OSError, match="too long"):
        assign(1, names=["GPU-" + "a" * 200, "GPU-b"])


def test_a_schedulers_choice_stands_and_a_single_gpu_is_not_fought_for(monkeypatch):
    assert assign(1, names=FOUR[:1]) == []
    assert assign(1, names=[]) == []
    assert gpus.VARIABLE not in os.environ
    monkeypatch.setenv(gpus.VARIABLE, "2")
    assert gpus.assign_gpus(1, visible=lambda: FOUR, check=impatient) == []
    assert os.environ[gpus.VARIABLE] == "2"


def test_more_than_there_are_is_an_error():
    with pytest.raises(InputError, match=r"--devices: found 5, want at most the 4 GPUs of this machine"):
        assign(5)


def test_the_driver_is_asked_for_names_that_need_no_order(monkeypatch, tmp_path):
    (tool := tmp_path / "nvidia-smi").write_text("#!/bin/sh\necho GPU-1f\necho GPU-2e\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert gpus._ask_driver() == ["GPU-1f", "GPU-2e"]
    tool.write_text("#!/bin/sh\nexit 9\n")
    assert gpus._ask_driver() == []

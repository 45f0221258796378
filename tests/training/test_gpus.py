"""Two processes never get the same GPU; what a process held is free when it is gone."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from seqmill.errors import InputError, Interrupted
from seqmill.training import gpus

NOBODY = 65534
FOUR = ["GPU-a", "GPU-b", "GPU-c", "GPU-d"]
HOLDER = """
import os, sys
from pathlib import Path
from seqmill.training import gpus
gpus.LOCKS = Path(sys.argv[1])
print(*gpus.assign_gpus(int(sys.argv[2]), visible=lambda: sys.argv[3:], check=lambda: None), flush=True)
print(os.environ["CUDA_VISIBLE_DEVICES"], "torch" in sys.modules, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    monkeypatch.delenv(gpus.VARIABLE, raising=False)
    monkeypatch.setattr(gpus, "LOCKS", tmp_path / "locks")
    monkeypatch.setattr(gpus, "_POLL_S", 0.01)
    monkeypatch.setattr(gpus, "_held", held := [])
    yield
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


def test_a_process_that_is_killed_leaves_its_gpus(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "locks"), "3", *FOUR],
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


def test_what_a_strict_umask_makes_is_open_to_all(tmp_path):
    before = os.umask(0o077)
    try:
        assign(1)
        assert os.umask(0o077) == 0o077, "it is as it was"
    finally:
        os.umask(before)
    assert (tmp_path / "locks").stat().st_mode & 0o7777 == 0o1777
    assert (tmp_path / "locks" / "GPU-a").stat().st_mode & 0o777 == 0o666


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another user")
def test_two_users_share_the_gpus_of_a_machine(monkeypatch):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr(gpus, "LOCKS", locks := Path(folder) / "locks")
        assert assign(1) == ["GPU-a"]
        os.seteuid(NOBODY)
        try:
            assert assign(2) == ["GPU-b", "GPU-c"]
        finally:
            os.seteuid(0)
        assert (locks / "GPU-b").stat().st_uid == NOBODY
        gpus._held.pop().close()
        assert assign(1) == ["GPU-c"], "a lock of the other's"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another user")
def test_a_folder_that_keeps_others_out_is_named(tmp_path):
    tmp_path.chmod(0o700)
    os.seteuid(NOBODY)
    try:
        with pytest.raises(InputError, match=r"GPU-a: found Permission denied, want a lock that all users"):
            assign(1)
    finally:
        os.seteuid(0)


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
